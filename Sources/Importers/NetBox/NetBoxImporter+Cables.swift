internal import Diagnostics

/// One end of a connection: what is plugged in where.
private struct Plug {
    /// What it is, `dcim.interface` for example.
    var type: String
    /// The port or feed, as its own object or as it stands in another's field.
    var value: ImportValue

    var id: Int? { value["id"]?.integer }
    var device: Int? { value.id("device") }
    var isPanel: Bool { type == "dcim.frontport" || type == "dcim.rearport" }

    /// For messages.
    var title: String {
        let name = value["name"]?.text ?? value["display"]?.text ?? type
        return value["device"]?["name"]?.text.map { "\($0) \(name)" } ?? name
    }
}

extension NetBoxImporter {
    /// What the cables tell of needs: whom a device reaches the rest of the network by, and where its power comes from.
    private struct Needs {
        var upstream: [Int: Set<String>] = [:]
        var power: [Int: Set<String>] = [:]
        /// Pairs of ports, by type and number: a cable and both its ends tell of them.
        var seen: Set<Set<String>> = []
    }

    /// Turns connections into needs.
    ///
    /// Ports say what they reach through patch panels; cables only what they end at. Both are read.
    mutating func addCables() {
        var needs = Needs()
        for endpoint in ["dcim/interfaces", "dcim/power-ports"] {
            for port in objects[endpoint] { addEndpoints(of: port, endpoint, to: &needs) }
        }
        for cable in objects["dcim/cables"] { add(cable, to: &needs) }
        for (id, upstream) in needs.upstream.sorted(by: { $0.key < $1.key }) {
            guard let device = devices[id] else { continue }
            table.need(device.entity, minimum: nil, of: upstream, at: device.object.location)
        }
        for (id, sources) in needs.power.sorted(by: { $0.key < $1.key }) {
            guard let device = devices[id] else { continue }
            // The banks of a distribution unit hang on one input each.
            if device.role.kind == "power", !device.role.switchesPower, sources.count > 1 {
                tally.count(
                    "several-inputs",
                    "a distribution unit with several inputs, of which nothing says whether one is enough",
                    example: device.object.title,
                    at: device.object.location
                )
            } else {
                table.need(device.entity, minimum: nil, of: sources, at: device.object.location)
            }
        }
    }

    private mutating func addEndpoints(of port: NetBoxObject, _ endpoint: String, to needs: inout Needs) {
        let ends = port["connected_endpoints"]?.elements ?? [port["connected_endpoint"]].compactMap { $0 }
        guard let type = port["connected_endpoints_type"]?.text ?? port["connected_endpoint_type"]?.text else { return }
        if port["connected_endpoints_reachable"]?.text == "false" {
            let what = "a port whose path is not complete or not in use"
            tally.count("broken-path", what, example: port.title, at: port.location)
            return
        }
        let own = Plug(type: endpoint == "dcim/interfaces" ? "dcim.interface" : "dcim.powerport", value: port.value)
        for end in ends { connect(own, Plug(type: type, value: end), at: port.location, &needs) }
    }

    private mutating func add(_ cable: NetBoxObject, to needs: inout Needs) {
        if let status = cable.status, status != "connected" {
            let what = "of dcim/cables with status \(status), which is left out"
            tally.count("not-in-use", what, example: "cable \(cable.key.id)", at: cable.location)
            return
        }
        for left in plugs(of: cable, "a") {
            for right in plugs(of: cable, "b") { connect(left, right, at: cable.location, &needs) }
        }
    }

    /// The ends on one side: since NetBox 3.3 any number.
    private func plugs(of cable: NetBoxObject, _ side: String) -> [Plug] {
        if let ends = cable["\(side)_terminations"]?.elements {
            return ends.compactMap { end in
                guard let type = end["object_type"]?.text, let value = end["object"] else { return nil }
                return Plug(type: type, value: value)
            }
        }
        guard let type = cable["termination_\(side)_type"]?.text, let value = cable["termination_\(side)"] else {
            return []
        }
        return [Plug(type: type, value: value)]
    }

    // MARK: Directions

    private mutating func connect(_ left: Plug, _ right: Plug, at location: SourceLocation, _ needs: inout Needs) {
        let ends = [left, right].map { "\($0.type) \($0.id ?? -1)" }
        guard needs.seen.insert(Set(ends)).inserted else { return }
        switch (left.type, right.type) {
        case ("dcim.interface", "dcim.interface"): link(left, right, at: location, &needs)
        case ("dcim.powerport", "dcim.poweroutlet"), ("dcim.powerport", "dcim.powerfeed"):
            feed(left, from: right, at: location, &needs)
        case ("dcim.poweroutlet", "dcim.powerport"), ("dcim.powerfeed", "dcim.powerport"):
            feed(right, from: left, at: location, &needs)
        case ("dcim.frontport", _), ("dcim.rearport", _), (_, "dcim.frontport"), (_, "dcim.rearport"):
            let isTraced = isGiven(left) || isGiven(right)
            // Between two panels there is nothing to say: the ports at the ends say it.
            if !isTraced, !(left.isPanel && right.isPanel) {
                undecided("that ends at a patch panel (dcim/interfaces say what lies behind)", left, right, location)
            }
        default: undecided("between \(left.type) and \(right.type)", left, right, location)
        }
    }

    /// Whether the input has the port itself, which says what it reaches.
    private func isGiven(_ plug: Plug) -> Bool {
        guard let id = plug.id else { return false }
        switch plug.type {
        case "dcim.interface": return objects["dcim/interfaces", id] != nil
        case "dcim.powerport": return objects["dcim/power-ports", id] != nil
        default: return false
        }
    }

    private mutating func feed(_ port: Plug, from source: Plug, at location: SourceLocation, _ needs: inout Needs) {
        guard let id = port.device, devices[id] != nil else { return outside(port, source, location) }
        if source.type == "dcim.powerfeed" {
            guard let feed = powerFeed(source.value) else { return outside(port, source, location) }
            needs.power[id, default: []].insert(feed)
        } else if let unit = source.device.flatMap({ devices[$0] }) {
            needs.power[id, default: []].insert(unit.entity)
        } else {
            outside(port, source, location)
        }
    }

    /// Lets the device nearer to the machines need the one nearer to the core.
    private mutating func link(_ left: Plug, _ right: Plug, at location: SourceLocation, _ needs: inout Needs) {
        guard let a = left.device, let b = right.device, a != b else { return }
        guard let first = devices[a], let second = devices[b] else { return outside(left, right, location) }
        let isManagement = [left, right].contains { plug in
            plug.id.flatMap { objects["dcim/interfaces", $0] }?["mgmt_only"]?.isTrue == true
        }
        if isManagement { return undecided("for management alone", left, right, location) }
        guard let low = first.role.level, let high = second.role.level else {
            return undecided("of a device whose role tells nothing of the network", left, right, location)
        }
        if low == high { return undecided("between devices of one level", left, right, location) }
        needs.upstream[low < high ? a : b, default: []].insert(low < high ? second.entity : first.entity)
    }

    private mutating func undecided(_ what: String, _ left: Plug, _ right: Plug, _ location: SourceLocation) {
        tally.count(
            "undecided-cable",
            "a cable \(what), which makes no need",
            example: "\(left.title) – \(right.title)",
            at: location
        )
    }

    private mutating func outside(_ left: Plug, _ right: Plug, _ location: SourceLocation) {
        tally.count(
            "cable-outside",
            "a cable to something that is not in the input or is left out",
            example: "\(left.title) – \(right.title)",
            at: location
        )
    }
}
