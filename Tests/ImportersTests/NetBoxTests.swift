import Diagnostics
import Importers
import Testing
import Topology

/// Small inventories in the shapes of NetBox 4's REST API, each about one rule of the mapping.
@Suite struct NetBoxTests {
    private func imported(
        _ objects: String...
    ) throws -> (
        entities: [String: TopologyDeclaration.Entity], notes: [String]
    ) {
        try ImportersTests.imported("[\(objects.joined(separator: ",\n"))]", as: .netbox)
    }

    private func brief(_ endpoint: String, _ id: Int, _ name: String) -> String {
        """
        {"id": \(id), "url": "https://nb.example.org/api/\(endpoint)/\(id)/", "display": "\(name)", "name": "\(name)",
         "slug": "\(name.lowercased())"}
        """
    }

    private func device(
        _ id: Int,
        _ name: String,
        role: String = "Server",
        status: String = "active",
        site: String = "sto1",
        more: String = ""
    ) -> String {
        """
        {"id": \(id), "url": "https://nb.example.org/api/dcim/devices/\(id)/", "display": "\(name)", "name": "\(name)",
         "device_type": {"id": 6, "model": "R640", "slug": "r640"}, "role": \(brief("dcim/device-roles", 1, role)),
         "site": \(brief("dcim/sites", 2, site)), "location": null, "platform": null, "tags": [],
         "status": {"value": "\(status)", "label": "x"}, "primary_ip6": null\(more)}
        """
    }

    private func port(_ id: Int, of device: Int, _ endpoint: String = "interfaces") -> String {
        """
        {"id": \(id), "url": "https://nb.example.org/api/dcim/\(endpoint)/\(id)/", "display": "p\(id)", "name": "p\(id)",
         "device": {"id": \(device), "name": "d\(device)"}}
        """
    }

    /// A cable as NetBox 3.3 and later describe it.
    private func cable(
        _ id: Int,
        _ left: (type: String, port: String),
        _ right: (type: String, port: String),
        status: String = "connected"
    ) -> String {
        """
        {"id": \(id), "url": "https://nb.example.org/api/dcim/cables/\(id)/", "display": "#\(id)", "type": "cat6",
         "a_terminations": [{"object_type": "\(left.type)", "object_id": 1, "object": \(left.port)}],
         "b_terminations": [{"object_type": "\(right.type)", "object_id": 2, "object": \(right.port)}],
         "status": {"value": "\(status)", "label": "x"}}
        """
    }

    private func link(_ id: Int, _ left: Int, _ right: Int) -> String {
        cable(id, ("dcim.interface", port(id * 10, of: left)), ("dcim.interface", port(id * 10 + 1, of: right)))
    }

    // MARK: Places

    @Test func devicesStandInRacksLocationsSitesAndRegions() throws {
        let (entities, notes) = try imported(
            """
            {"id": 1, "url": "/api/dcim/regions/1/", "name": "Sweden", "slug": "se", "parent": \
            \(brief("dcim/regions", 2, "Europe"))}
            """,
            #"{"id": 2, "url": "/api/dcim/regions/2/", "name": "Europe", "slug": "europe", "parent": null}"#,
            #"{"id": 3, "url": "/api/dcim/regions/3/", "name": "Asia", "slug": "asia", "parent": null}"#,
            """
            {"id": 2, "url": "/api/dcim/sites/2/", "name": "Stockholm 1", "slug": "sto1",
             "status": {"value": "active"}, "region": \(brief("dcim/regions", 1, "se"))}
            """,
            """
            {"id": 5, "url": "/api/dcim/locations/5/", "name": "Row 1", "slug": "row-1", "parent": null,
             "site": \(brief("dcim/sites", 2, "sto1")), "status": {"value": "active"}}
            """,
            """
            {"id": 7, "url": "/api/dcim/racks/7/", "name": "R 101", "site": \(brief("dcim/sites", 2, "sto1")),
             "location": \(brief("dcim/locations", 5, "row-1")), "status": {"value": "active"}}
            """,
            device(
                1,
                "web-1",
                more: #", "rack": {"id": 7, "name": "R 101"}, "primary_ip4": {"address": "10.0.0.1/24"}"#
            )
        )
        #expect(entities["host/web-1"]?.place?.name == "rack/sto1/R-101")
        #expect(entities["host/web-1"]?.aliases == ["10.0.0.1"])
        #expect(entities["rack/sto1/R-101"]?.place?.name == "location/sto1/row-1")
        #expect(entities["rack/sto1/R-101"]?.label == "R 101")
        #expect(entities["location/sto1/row-1"]?.place?.name == "site/sto1")
        #expect(entities["site/sto1"]?.place?.name == "region/se")
        #expect(entities["site/sto1"]?.aliases == ["Stockholm 1"])
        #expect(entities["region/se"]?.place?.name == "region/europe")
        // A region without a site is no place of anything.
        #expect(entities["region/asia"] == nil)
        #expect(notes == ["not-in-use"])
    }

    @Test(arguments: ["offline", "planned", "staged", "inventory", "decommissioning"])
    func whatIsNotInUseIsLeftOutAndSaid(_ status: String) throws {
        let (entities, notes) = try imported(device(1, "a"), device(2, "b", status: status))
        #expect(entities.keys.sorted() == ["host/a", "site/sto1"])
        #expect(notes == ["not-in-use"])
    }

    @Test func whatFailedIsStillThere() throws {
        #expect(try imported(device(1, "a", status: "failed")).entities["host/a"] != nil)
    }

    @Test(
        arguments: [
            ("Router", "router"), ("Edge Firewall", "firewall"), ("Core Switch", "core"), ("ToR Switch", "tor"),
            ("Top of Rack", "tor"), ("Access Switch", "switch"), ("Load Balancer", "loadbalancer"), ("PDU", "power"),
            ("Hypervisor", "hypervisor"), ("Database Server", "host"), ("Storage Array", "storage"),
        ]
    )
    func theRoleTellsTheKind(_ role: String, _ kind: String) throws {
        #expect(try imported(device(1, "x", role: role)).entities["\(kind)/x"] != nil)
    }

    @Test func equalNamesAreToldApartByTheirSites() throws {
        let (entities, _) = try imported(device(1, "sw1"), device(2, "sw1", site: "hel1"), device(3, "sw2"))
        #expect(
            entities.keys.filter { $0.hasPrefix("host/") }.sorted() == ["host/hel1/sw1", "host/sto1/sw1", "host/sw2"]
        )
    }

    // MARK: Cables

    @Test func theLowerLevelNeedsTheHigherWhicheverEndIsCalledA() throws {
        let (entities, notes) = try imported(
            device(1, "web"),
            device(2, "tor", role: "ToR Switch"),
            device(3, "agg", role: "Distribution Switch"),
            device(4, "core", role: "Core Switch"),
            link(1, 1, 2),
            link(2, 3, 2),
            link(3, 3, 4)
        )
        #expect(entities["host/web"]?.writtenNeeds == ["tor/tor"])
        #expect(entities["tor/tor"]?.writtenNeeds == ["switch/agg"])
        #expect(entities["switch/agg"]?.writtenNeeds == ["core/core"])
        #expect(entities["core/core"]?.writtenNeeds == [])
        #expect(notes == [])
    }

    @Test func twoUplinksAreRedundantAndTwoCablesToOneDeviceAreNot() throws {
        let (entities, _) = try imported(
            device(1, "web"),
            device(2, "tor-a", role: "tor"),
            device(3, "tor-b", role: "tor"),
            device(4, "db"),
            link(1, 1, 2),
            link(2, 1, 3),
            link(3, 4, 2),
            link(4, 4, 2)
        )
        #expect(entities["host/web"]?.writtenNeeds == ["any tor/tor-a tor/tor-b"])
        #expect(entities["host/db"]?.writtenNeeds == ["tor/tor-a"])
    }

    /// Peers, routers beside cores, management and passive parts: nothing says who needs whom.
    @Test(
        arguments: [("tor", "tor"), ("Core Switch", "Router"), ("Server", "Server"), ("Management Switch", "Server")]
    )
    func whatACableDoesNotTellIsListed(_ left: String, _ right: String) throws {
        let (entities, notes) = try imported(device(1, "a", role: left), device(2, "b", role: right), link(1, 1, 2))
        #expect(entities.values.allSatisfy { $0.needs.isEmpty })
        #expect(notes == ["undecided-cable"])
    }

    @Test func cablesThatAreNotConnectedOrLeadToWhatIsLeftOutMakeNoNeed() throws {
        let ends = (("dcim.interface", port(1, of: 1)), ("dcim.interface", port(2, of: 2)))
        let (entities, notes) = try imported(
            device(1, "web"),
            device(2, "tor", role: "tor"),
            device(3, "old", role: "tor", status: "decommissioning"),
            cable(1, ends.0, ends.1, status: "planned"),
            link(2, 1, 3)
        )
        #expect(entities["host/web"]?.writtenNeeds == [])
        #expect(notes == ["cable-outside", "not-in-use", "not-in-use"])
    }

    /// Ports say what lies behind a patch panel; the cables on the way then say nothing more.
    @Test func connectedEndpointsLeadThroughPatchPanels() throws {
        let panel = device(9, "pp", role: "Patch Panel")
        let wires = [
            cable(1, ("dcim.interface", port(11, of: 1)), ("dcim.frontport", port(90, of: 9, "front-ports"))),
            cable(2, ("dcim.rearport", port(91, of: 9, "rear-ports")), ("dcim.interface", port(12, of: 2))),
        ]
        let alone = try imported(device(1, "web"), device(2, "tor", role: "tor"), panel, wires[0], wires[1])
        #expect(alone.entities["host/web"]?.writtenNeeds == [])
        #expect(alone.notes == ["passive-device", "undecided-cable"])
        func interface(_ id: Int, of device: Int, to end: Int, of other: Int) -> String {
            """
            {"id": \(id), "url": "/api/dcim/interfaces/\(id)/", "name": "eth0", "device": {"id": \(device), "name": "d"},
             "mgmt_only": false, "connected_endpoints": [\(port(end, of: other))],
             "connected_endpoints_type": "dcim.interface", "connected_endpoints_reachable": true}
            """
        }
        let traced = try imported(
            device(1, "web"),
            device(2, "tor", role: "tor"),
            panel,
            wires[0],
            wires[1],
            interface(11, of: 1, to: 12, of: 2),
            interface(12, of: 2, to: 11, of: 1)
        )
        #expect(traced.entities["host/web"]?.writtenNeeds == ["tor/tor"])
        #expect(traced.notes == ["passive-device"])
    }

    @Test func theShapeBeforeNetBox33IsReadToo() throws {
        let (entities, _) = try imported(
            device(1, "web"),
            device(2, "tor", role: "tor"),
            """
            {"id": 1, "url": "/api/dcim/cables/1/", "termination_a_type": "dcim.interface", "termination_a_id": 1,
             "termination_a": \(port(1, of: 1)), "termination_b_type": "dcim.interface", "termination_b_id": 2,
             "termination_b": \(port(2, of: 2)), "status": {"value": "connected"}}
            """
        )
        #expect(entities["host/web"]?.writtenNeeds == ["tor/tor"])
    }

    // MARK: Power

    @Test func powerPortsNeedOutletsFeedsAndPanels() throws {
        let (entities, notes) = try imported(
            device(1, "web"),
            device(2, "pdu-a", role: "PDU"),
            device(3, "pdu-b", role: "PDU"),
            """
            {"id": 4, "url": "/api/dcim/power-panels/4/", "name": "Panel 1", "site": \(brief("dcim/sites", 2, "sto1")),
             "location": null}
            """,
            """
            {"id": 5, "url": "/api/dcim/power-feeds/5/", "name": "P1-A", "power_panel": {"id": 4, "name": "Panel 1"},
             "rack": null, "status": {"value": "active"}, "type": {"value": "primary"}}
            """,
            cable(1, ("dcim.powerport", port(1, of: 1)), ("dcim.poweroutlet", port(2, of: 2))),
            cable(2, ("dcim.poweroutlet", port(3, of: 3)), ("dcim.powerport", port(4, of: 1))),
            cable(3, ("dcim.powerport", port(5, of: 2)), ("dcim.powerfeed", #"{"id": 5, "name": "P1-A"}"#))
        )
        #expect(entities["host/web"]?.writtenNeeds == ["any power/pdu-a power/pdu-b"])
        #expect(entities["power/pdu-a"]?.writtenNeeds == ["power/sto1/Panel-1-P1-A"])
        #expect(entities["power/sto1/Panel-1-P1-A"]?.writtenNeeds == ["power/sto1/Panel-1"])
        #expect(entities["power/sto1/Panel-1"]?.place?.name == "site/sto1")
        #expect(notes == [])
    }

    /// The banks of a distribution unit hang on one input each; a transfer switch chooses.
    @Test func severalInputsAreEnoughOneByOneOnlyForWhatChooses() throws {
        func inputs(of unit: Int) -> [String] {
            [2, 3].map { source in
                cable(
                    source,
                    ("dcim.powerport", port(source * 10, of: unit)),
                    ("dcim.poweroutlet", port(source, of: source))
                )
            }
        }
        let sources = [device(2, "a", role: "UPS"), device(3, "b", role: "UPS")]
        let unit = try ImportersTests.imported(
            "[\((sources + inputs(of: 1) + [device(1, "u", role: "PDU")]).joined(separator: ","))]",
            as: .netbox
        )
        #expect(unit.entities["power/u"]?.writtenNeeds == [])
        #expect(unit.notes == ["several-inputs"])
        let transfer = try ImportersTests.imported(
            "[\((sources + inputs(of: 1) + [device(1, "u", role: "ATS")]).joined(separator: ","))]",
            as: .netbox
        )
        #expect(transfer.entities["power/u"]?.writtenNeeds == ["any power/a power/b"])
    }

    // MARK: Virtual machines

    @Test func virtualMachinesRunOnTheirHostOrCluster() throws {
        func machine(_ id: Int, _ name: String, device: String = "null") -> String {
            """
            {"id": \(id), "url": "/api/virtualization/virtual-machines/\(id)/", "name": "\(name)",
             "status": {"value": "active"}, "site": null, "cluster": \(brief("virtualization/clusters", 8, "prod")),
             "device": \(device), "vcpus": 2.0, "memory": 4096, "primary_ip6": {"address": "2001:db8::7/64"}}
            """
        }
        let member = #", "cluster": {"id": 8, "name": "prod"}"#
        let (entities, _) = try imported(
            device(1, "hv1", more: member),
            device(2, "hv2", more: member),
            """
            {"id": 8, "url": "/api/virtualization/clusters/8/", "name": "prod", "status": {"value": "active"},
             "scope_type": "dcim.site", "scope_id": 2, "scope": \(brief("dcim/sites", 2, "sto1"))}
            """,
            machine(1, "web"),
            machine(2, "db", device: #"{"id": 2, "name": "hv2"}"#)
        )
        #expect(entities["cluster/prod"]?.writtenNeeds == ["any host/hv1 host/hv2"])
        #expect(entities["cluster/prod"]?.place?.name == "site/sto1")
        #expect(entities["vm/web"]?.place?.name == "cluster/prod")
        #expect(entities["vm/db"]?.place?.name == "host/hv2")
        // Both have the same address, which therefore names neither.
        #expect(entities["vm/web"]?.aliases == [])
    }

    // MARK: Inputs

    @Test func readsAnswersListsAndExportsWithoutURLs() throws {
        let bare =
            #"{"id": 1, "name": "a", "device_type": {"id": 1}, "site": {"id": 2, "slug": "s"}, "status": "active"}"#
        for text in [
            "{\"count\": 1, \"next\": null, \"previous\": null, \"results\": [\(device(1, "a"))]}",
            "[\(device(1, "a"))]", device(1, "a"), "[\(bare)]", "{\"devices\": [\(device(1, "a"))], \"sites\": []}",
        ] {
            let (entities, notes) = try ImportersTests.imported(text, as: .netbox)
            #expect(entities["host/a"] != nil)
            #expect(notes == [])
        }
    }

    @Test func aPageOfSeveralIsAWarning() throws {
        let page =
            "{\"count\": 5, \"next\": \"https://nb/api/dcim/devices/?offset=1\", \"results\": [\(device(1, "a"))]}"
        #expect(try ImportersTests.imported(page, as: .netbox).notes == ["partial-list"])
    }

    @Test(
        arguments: [
            (#"{"detail": "Authentication credentials were not provided."}"#, "server-error 1:1"),
            (#"[{"name": "a"}]"#, "wrong-shape 1:2"), ("[[]]", "wrong-shape 1:2"), ("3", "wrong-shape 1:1"),
        ]
    )
    func refusesWhatIsNotNetBoxs(_ text: String, _ expected: String) {
        #expect(findings(text, as: .netbox) == [expected])
    }

    @Test func whatItDoesNotMapIsCounted() throws {
        let (_, notes) = try imported(
            device(1, "a"),
            brief("dcim/manufacturers", 1, "Dell"),
            brief("dcim/manufacturers", 2, "HPE"),
            brief("ipam/vlans", 1, "office")
        )
        #expect(notes == ["not-imported", "not-imported"])
    }

    /// Whatever is cut from a good answer is refused or read, and never ends the process; nor do fields of other types.
    @Test func damagedInputNeverTraps() {
        let good = "[\(device(1, "a")), \(link(1, 1, 2))]"
        for length in stride(from: 0, to: good.utf8.count, by: 61) {
            let (topology, diagnostics) = ImportedTopology.read([("in", Array(good.utf8.prefix(length)))], as: .netbox)
            #expect(topology == nil)
            #expect(diagnostics.containsError)
        }
        for field in ["site", "role", "rack", "name", "status", "tags", "cluster", "primary_ip4", "parent_device"] {
            for value in ["7", "[[]]", "{}", "\"\"", "{\"id\": \"x\"}"] {
                let text = "[{\"id\": 1, \"url\": \"/api/dcim/devices/1/\", \"name\": \"a\", \"\(field)\": \(value)}]"
                _ = ImportedTopology.read([("in", Array(text.utf8))], as: .netbox)
            }
        }
    }
}
