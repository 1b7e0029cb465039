/// What a device is, by the words of its role.
struct DeviceRole {
    /// How far a network device is from what it connects.
    ///
    /// A cable between two levels tells which end needs the other: the lower one. A cable within a level does not.
    enum Level: Int, Comparable {
        case machine, access, distribution, core

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// The entity's kind; nil for what only passes cables through.
    let kind: String?
    /// Nil where cables tell nothing of needs.
    let level: Level?
    /// Whether it chooses between its inputs, so that one of them is enough.
    let switchesPower: Bool

    /// Words of roles, the first that occurs decides.
    ///
    /// A router or firewall stands with the core: access switches need it as their way out, but of a core switch and a router
    /// neither is known to need the other.
    private static let table: [(words: [String], kind: String?, level: Level?)] = [
        (["patch", "panel", "blank", "cable"], nil, nil),
        (["pdu", "ups", "ats", "sts", "power", "battery", "generator"], "power", nil),
        (["cooling", "crac", "hvac"], "cooling", nil),
        (["console", "kvm"], "host", nil),
        (["management", "mgmt", "oob"], "switch", nil),
        (["firewall", "fw"], "firewall", .core),
        (["router", "rtr"], "router", .core),
        (["gateway", "gw"], "gateway", .core),
        (["core"], "core", .core),
        (["tor", "leaf"], "tor", .access),
        (["distribution", "aggregation", "dist", "agg", "spine"], "switch", .distribution),
        (["switch", "access", "switches"], "switch", .access),
        (["balancer", "loadbalancer", "lb", "adc"], "loadbalancer", .machine),
        (["hypervisor", "esxi", "proxmox"], "hypervisor", .machine),
        (["storage", "san", "nas"], "storage", .machine),
    ]

    /// A role by its name and slug, in any case.
    init(_ texts: [String]) {
        let words = texts.flatMap { text in
            text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        }
        let row =
            words.contains("rack") && words.contains("top")
            ? ([], "tor", .access)
            : Self.table.first { row in row.words.contains(where: words.contains) } ?? ([], "host", .machine)
        (kind, level) = (row.kind, row.level)
        switchesPower = !["ups", "ats", "sts"].allSatisfy { !words.contains($0) }
    }
}
