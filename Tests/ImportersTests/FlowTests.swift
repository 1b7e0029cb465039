import Diagnostics
import Importers
import Testing
import Topology

/// Hubble's flows, one a line.
@Suite struct FlowTests {
    private let web = """
        {"namespace":"shop","pod_name":"web-1","workloads":[{"name":"web","kind":"Deployment"}]}
        """
    private let database = """
        {"namespace":"shop","pod_name":"db-1","workloads":[{"name":"db","kind":"Cluster"}]}
        """

    private func flow(_ source: String, _ destination: String, _ more: String = "\"is_reply\":false") -> String {
        "{\"flow\":{\"verdict\":\"FORWARDED\",\"source\":\(source),\"destination\":\(destination),\(more)}}\n"
    }

    @Test func whoConnectsIsDegradedWithoutTheOther() throws {
        let (entities, notes) = try imported(
            flow(web, database) + flow(web, database) + flow(database, web, "\"is_reply\":true")
                + flow(
                    web,
                    "{\"labels\":[\"reserved:world\"]}",
                    "\"is_reply\":false,\"destination_names\":[\"pay.example.com\"]"
                )
                + flow(web, "{\"namespace\":\"shop\",\"pod_name\":\"alone\"}") + "{\"node_status\":{}}\n\n",
            as: .hubble
        )
        #expect(
            entities["deployment/shop/web"]?.writtenNeeds == [
                "weak database/shop/db", "weak external/pay.example.com", "weak pod/shop/alone",
            ]
        )
        #expect(entities["database/shop/db"]?.writtenNeeds == [])
        #expect(notes == [])
    }

    /// A flow of which Hubble does not say whether it is a reply might turn a need around.
    @Test func whatSaysNothingOfNeedsIsCounted() throws {
        let dropped = flow(web, database).replacing("FORWARDED", with: "DROPPED")
        let (entities, notes) = try imported(
            flow(web, database, "\"reply\":false") + dropped + flow("{\"labels\":[\"reserved:host\"]}", web)
                + "{\"lost_events\":{}}\n",
            as: .hubble
        )
        #expect(entities.isEmpty)
        #expect(notes == ["lost-flows", "no-workload", "not-forwarded", "nothing-imported", "unknown-direction"])
    }

    @Test func badLinesAreLocated() {
        #expect(findings(flow(web, database) + "{\n" + "{}\n", as: .hubble) == ["invalid-json 2:2", "wrong-shape 3:1"])
        #expect(findings("\n", as: .hubble) == ["empty-document 1:1"])
    }
}
