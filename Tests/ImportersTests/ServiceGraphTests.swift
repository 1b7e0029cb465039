import Diagnostics
import Importers
import Testing
import Topology

/// Service graphs as Prometheus, Jaeger and Zipkin give them.
@Suite struct ServiceGraphTests {
    private func answer(_ series: (labels: String, value: String)...) -> String {
        let result = series.map { "{\"metric\":{\($0.labels)},\"value\":[1751400000,\"\($0.value)\"]}" }
        return """
            {"status":"success","data":{"resultType":"vector","result":[\(result.joined(separator: ","))]}}
            """
    }

    private func edge(_ client: String, _ server: String, _ more: String = "") -> String {
        "\"__name__\":\"traces_service_graph_request_total\",\"client\":\"\(client)\",\"server\":\"\(server)\"\(more)"
    }

    @Test func aClientNeedsItsServer() throws {
        let (entities, notes) = try imported(
            answer((edge("web", "cart"), "12"), (edge("web", "pay"), "1"), (edge("cart", "cart"), "3")),
            as: .otel
        )
        #expect(entities["service/web"]?.writtenNeeds == ["service/cart", "service/pay"])
        #expect(entities["service/cart"]?.writtenNeeds == [])
        #expect(notes == [])
    }

    @Test func theConnectionTellsWhatIsAtItsEnd() throws {
        let (entities, _) = try imported(
            answer(
                (edge("user", "web", ",\"connection_type\":\"virtual_node\""), "9"),
                (edge("web", "maps.example.com", ",\"connection_type\":\"virtual_node\""), "9"),
                (edge("web", "orders", ",\"connection_type\":\"database\""), "9"),
                (edge("web", "mailer", ",\"connection_type\":\"messaging_system\""), "9")
            ),
            as: .otel
        )
        #expect(entities["client/user"]?.writtenNeeds == ["service/web"])
        #expect(entities["service/web"]?.writtenNeeds == ["database/orders", "external/maps.example.com"])
        // A queue lies between them: the sender goes on without the receiver.
        #expect(entities["service/mailer"]?.writtenNeeds == ["weak service/web"])
    }

    @Test func aNamespaceInTheMetricIsInTheName() throws {
        let more = ",\"client_k8s_namespace_name\":\"shop\",\"server_k8s_namespace_name\":\"bank\""
        let (entities, _) = try imported(answer((edge("web", "pay", more), "1")), as: .otel)
        #expect(entities["service/shop/web"]?.writtenNeeds == ["service/bank/pay"])
    }

    @Test func whatIsNoEdgeIsCounted() throws {
        let (entities, notes) = try imported(
            answer((edge("web", "old"), "0"), ("\"__name__\":\"up\"", "1"), (edge("web", "new"), "NaN")),
            as: .otel
        )
        #expect(entities.isEmpty)
        #expect(notes == ["idle-edge", "no-edge", "nothing-imported"])
    }

    @Test(arguments: [
        "{\"data\":[{\"parent\":\"web\",\"child\":\"cart\",\"callCount\":4}],\"total\":0}",
        "[{\"parent\":\"web\",\"child\":\"cart\",\"callCount\":4,\"errorCount\":1}]",
    ])
    func jaegerAndZipkinSayItAsParentAndChild(text: String) throws {
        let (entities, _) = try imported(text, as: .otel)
        #expect(entities["service/web"]?.writtenNeeds == ["service/cart"])
    }

    @Test(arguments: [
        ("{\"status\":\"error\",\"error\":\"timeout\"}", "server-error 1:1"),
        ("{\"data\":{\"resultType\":\"vector\",\"result\":[{}]}}", "wrong-shape 1:42"),
        ("[{\"parent\":\"web\"}]", "wrong-shape 1:2"), ("{}", "wrong-shape 1:1"),
    ])
    func badInputIsLocated(text: String, expected: String) { #expect(findings(text, as: .otel) == [expected]) }
}
