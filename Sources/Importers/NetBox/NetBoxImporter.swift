internal import Diagnostics

/// Maps an inventory kept in NetBox: places, devices, what they are cabled to, power, virtual machines.
///
/// docs/import.md has the table.
struct NetBoxImporter {
    /// A device or what else has a place in the topology.
    struct Device {
        var entity: String
        var role: DeviceRole
        var object: NetBoxObject
    }

    /// How often a room or row is lost as a whole.
    private static let lostLocationsPerYear = 0.05

    let objects: NetBoxObjects
    var table = EntityTable()
    var tally: Tally
    /// The devices in use, by number.
    private(set) var devices: [Int: Device] = [:]
    /// Objects that are in the input and not in use.
    private var leftOut: Set<NetBoxObject.Key> = []

    private init(_ objects: NetBoxObjects) {
        self.objects = objects
        tally = objects.tally
    }

    static func run(_ documents: [ImportValue]) -> Importer.Result {
        let (objects, diagnostics) = NetBoxObjects.read(documents)
        var importer = NetBoxImporter(objects)
        importer.addPlaces()
        importer.addDevices()
        importer.addClusters()
        importer.addPower()
        importer.addAddresses()
        importer.addCables()
        importer.countTheRest()
        importer.table.setRate(of: "location", lostLocationsPerYear)
        return (importer.table, importer.tally, diagnostics)
    }

    // MARK: Places

    private mutating func addPlaces() {
        for site in objects["dcim/sites"] where isInUse(site) {
            let entity = "site/\(Self.slug(site.value))"
            describe(entity, site)
            if let region = site["region"] { table.place(entity, on: Self.region(region), at: site.location) }
        }
        addRegions()
        for location in objects["dcim/locations"] where isInUse(location) {
            let entity = Self.location(location.value, in: location["site"])
            describe(entity, location)
            let parent = location["parent"].map { Self.location($0, in: location["site"]) }
            if let place = parent ?? Self.site(location["site"]) {
                table.place(entity, on: place, at: location.location)
            }
        }
        for rack in objects["dcim/racks"] where isInUse(rack) {
            let entity = Self.rack(rack.value, in: rack["site"])
            describe(entity, rack)
            if let place = place(of: rack, besideRack: true) { table.place(entity, on: place, at: rack.location) }
        }
    }

    /// The regions that sites are in, and those around them.
    private mutating func addRegions() {
        var wanted = objects["dcim/sites"].filter { !leftOut.contains($0.key) }.compactMap { $0.value.id("region") }
        var seen: Set<Int> = []
        while let id = wanted.popLast() {
            guard seen.insert(id).inserted, let region = objects["dcim/regions", id] else { continue }
            let entity = Self.region(region.value)
            describe(entity, region)
            guard let parent = region["parent"] else { continue }
            table.place(entity, on: Self.region(parent), at: region.location)
            if let parent = region.value.id("parent") { wanted.append(parent) }
        }
        for region in objects["dcim/regions"] where !seen.contains(region.key.id) {
            tally.count("not-in-use", "a region without a site", example: region.title, at: region.location)
        }
    }

    /// The label where the name is not the entity's, and the owner.
    private mutating func describe(_ entity: String, _ object: NetBoxObject) {
        table.declare(entity, at: object.location)
        if let name = object["name"]?.text, entity.split(separator: "/").last.map(String.init) != name {
            table.label(entity, name, at: object.location)
            if entity.hasPrefix("site/") { table.alias(name, of: entity, rank: 2) }
        }
        if let owner = object["owner"]?["name"]?.text { table.owner(entity, owner, at: object.location) }
    }

    private static func region(_ value: ImportValue) -> String { "region/\(slug(value))" }

    private static func site(_ value: ImportValue?) -> String? { value.map { "site/\(slug($0))" } }

    private static func location(_ value: ImportValue, in site: ImportValue?) -> String {
        name("location", in: site, slug(value))
    }

    private static func rack(_ value: ImportValue, in site: ImportValue?) -> String {
        name("rack", in: site, plain(value["name"]?.text ?? value["display"]?.text ?? "unnamed"))
    }

    private static func name(_ kind: String, in site: ImportValue?, _ name: String) -> String {
        site.map { "\(kind)/\(slug($0))/\(name)" } ?? "\(kind)/\(name)"
    }

    private static func slug(_ value: ImportValue) -> String {
        plain(value["slug"]?.text ?? value["name"]?.text ?? value["display"]?.text ?? "unnamed")
    }

    /// A text as a part of an entity's name.
    private static func plain(_ text: String) -> String {
        text.split { $0.isWhitespace || $0 == "/" }.joined(separator: "-")
    }

    /// The nearest place that a thing's fields give: rack, location or site.
    private func place(of object: NetBoxObject, besideRack: Bool = false) -> String? {
        if !besideRack, let rack = object["rack"] { return Self.rack(rack, in: object["site"]) }
        if let location = object["location"] { return Self.location(location, in: object["site"]) }
        return Self.site(object["site"])
    }

    /// Whether something runs, or should: what failed is in use, what is planned or decommissioned is not.
    private mutating func isInUse(_ object: NetBoxObject) -> Bool {
        let unused = [
            "offline", "planned", "staged", "staging", "inventory", "decommissioning", "retired", "deprecated",
            "reserved", "available",
        ]
        guard let status = object.status, unused.contains(status) else { return true }
        leftOut.insert(object.key)
        let what = "of \(object.key.endpoint) with status \(status), which is left out"
        tally.count("not-in-use", what, example: object.title, at: object.location)
        return false
    }

    // MARK: Devices

    private mutating func addDevices() {
        var used: [String: Int] = [:]
        let found = objects["dcim/devices"].compactMap { object -> (NetBoxObject, DeviceRole, String, String)? in
            guard isInUse(object) else { return nil }
            let role = object["role"] ?? object["device_role"]
            let device = DeviceRole([role?["name"], role?["slug"], role].compactMap { $0?.text })
            guard let kind = device.kind else {
                leftOut.insert(object.key)
                let what = "a passive device (\(role?["name"]?.text ?? "patch panel")), which is left out"
                tally.count("passive-device", what, example: object.title, at: object.location)
                return nil
            }
            guard let name = object["name"]?.text, !name.isEmpty else {
                leftOut.insert(object.key)
                tally.count("unnamed", "a device without a name", example: object.title, at: object.location)
                return nil
            }
            used["\(kind)/\(Self.plain(name))", default: 0] += 1
            return (object, device, kind, Self.plain(name))
        }
        for (object, role, kind, name) in found {
            // Names need to be unique only within a site.
            let entity =
                used["\(kind)/\(name)"] == 1 ? "\(kind)/\(name)" : Self.name(kind, in: object["site"], name)
            devices[object.key.id] = Device(entity: entity, role: role, object: object)
        }
        for (_, device) in devices.sorted(by: { $0.key < $1.key }) {
            describe(device.entity, device.object)
            addTags(device.entity, device.object)
            addAddresses(device.entity, device.object)
            // A blade stands in its chassis.
            let chassis = device.object.value.id("parent_device").flatMap { devices[$0]?.entity }
            if let place = chassis ?? place(of: device.object) {
                table.place(device.entity, on: place, at: device.object.location)
            }
        }
    }

    private mutating func addTags(_ entity: String, _ object: NetBoxObject) {
        let fields = [object["role"] ?? object["device_role"], object["platform"]].compactMap { $0 }
        for value in fields + (object["tags"]?.elements ?? []) {
            if let slug = value["slug"]?.text { table.tag(entity, slug, at: object.location) }
        }
    }

    private mutating func addAddresses(_ entity: String, _ object: NetBoxObject) {
        for (field, rank) in [("primary_ip4", 0), ("primary_ip6", 0), ("primary_ip", 0), ("oob_ip", 1)] {
            if let address = object[field]?["address"]?.text { alias(address, of: entity, rank: rank) }
        }
    }

    private mutating func alias(_ address: String, of entity: String, rank: Int) {
        table.alias(String(address.prefix { $0 != "/" }), of: entity, rank: rank)
    }

    // MARK: Virtual machines

    private mutating func addClusters() {
        var hosts: [Int: Set<String>] = [:]
        for (_, device) in devices.sorted(by: { $0.key < $1.key }) {
            if let cluster = device.object.value.id("cluster") { hosts[cluster, default: []].insert(device.entity) }
        }
        for cluster in objects["virtualization/clusters"] where isInUse(cluster) {
            let entity = "cluster/\(Self.plain(cluster.title))"
            describe(entity, cluster)
            let scope = cluster["scope_type"]?.text == "dcim.site" ? cluster["scope"] : cluster["site"]
            if let site = Self.site(scope) { table.place(entity, on: site, at: cluster.location) }
            table.need(entity, minimum: nil, of: hosts[cluster.key.id] ?? [], at: cluster.location)
        }
        var used: [String: Int] = [:]
        let machines = objects["virtualization/virtual-machines"].filter { isInUse($0) }
        for machine in machines { used[Self.plain(machine.title), default: 0] += 1 }
        for machine in machines {
            let cluster = machine["cluster"].map { Self.plain($0["name"]?.text ?? $0["display"]?.text ?? "unnamed") }
            let name = Self.plain(machine.title)
            // Names need to be unique only within a cluster.
            let entity = used[name] == 1 ? "vm/\(name)" : "vm/" + (cluster.map { "\($0)/\(name)" } ?? name)
            describe(entity, machine)
            addTags(entity, machine)
            addAddresses(entity, machine)
            let host = machine.value.id("device").flatMap { devices[$0]?.entity }
            if let place = host ?? cluster.map({ "cluster/\($0)" }) ?? Self.site(machine["site"]) {
                table.place(entity, on: place, at: machine.location)
            }
            machinesByID[machine.key.id] = entity
        }
    }

    private var machinesByID: [Int: String] = [:]

    /// Addresses beyond the primary ones; those that several share are nobody's name.
    private mutating func addAddresses() {
        for address in objects["ipam/ip-addresses"] {
            let owner = address["assigned_object"]
            let entity =
                owner?.id("device").flatMap { devices[$0]?.entity }
                ?? owner?.id("virtual_machine").flatMap { machinesByID[$0] }
            guard let entity, address.value.choice("role").map({ $0 == "loopback" || $0 == "secondary" }) ?? true
            else { continue }
            if let text = address["address"]?.text { alias(text, of: entity, rank: 1) }
            if let name = address["dns_name"]?.text { table.alias(name, of: entity, rank: 1) }
        }
    }

    // MARK: Power

    /// Feeds need their panels; what is cabled to them follows with the cables.
    private mutating func addPower() {
        for panel in objects["dcim/power-panels"] {
            let entity = Self.panel(panel.value, in: panel["site"])
            describe(entity, panel)
            if let place = place(of: panel, besideRack: true) { table.place(entity, on: place, at: panel.location) }
        }
        for feed in objects["dcim/power-feeds"] where isInUse(feed) {
            guard let entity = powerFeed(feed.value) else { continue }
            describe(entity, feed)
            if let panel = feed.value.id("power_panel").flatMap({ objects["dcim/power-panels", $0] }) {
                table.need(entity, Self.panel(panel.value, in: panel["site"]), at: feed.location)
            }
        }
    }

    private static func panel(_ value: ImportValue, in site: ImportValue?) -> String {
        name("power", in: site, plain(value["name"]?.text ?? value["display"]?.text ?? "unnamed"))
    }

    /// The entity of a power feed, whose name is unique only within its panel; nil if it is not in use.
    func powerFeed(_ value: ImportValue) -> String? {
        guard let id = value["id"]?.integer, !isLeftOut("dcim/power-feeds", id) else { return nil }
        let feed = objects["dcim/power-feeds", id]?.value ?? value
        let name = Self.plain(feed["name"]?.text ?? feed["display"]?.text ?? "unnamed")
        let panel = feed["power_panel"]
        let site =
            (panel?["id"]?.integer).flatMap { objects["dcim/power-panels", $0]?["site"] } ?? feed["rack"]?["site"]
        let prefix = panel?["name"]?.text.map { Self.plain($0) + "-" } ?? ""
        return Self.name("power", in: site, prefix + name)
    }

    func isLeftOut(_ endpoint: String, _ id: Int) -> Bool {
        leftOut.contains(NetBoxObject.Key(endpoint: endpoint, id: id))
    }

    // MARK: The rest

    private mutating func countTheRest() {
        let used: Set<String> = [
            "dcim/regions", "dcim/sites", "dcim/locations", "dcim/racks", "dcim/devices", "dcim/cables",
            "dcim/interfaces", "dcim/power-ports", "dcim/power-outlets", "dcim/power-feeds", "dcim/power-panels",
            "virtualization/clusters", "virtualization/virtual-machines", "ipam/ip-addresses",
        ]
        for endpoint in objects.endpoints where !used.contains(endpoint) {
            for object in objects[endpoint] {
                let what = "of \(endpoint), which is not imported"
                tally.count("not-imported", what, example: object.title, at: object.location)
            }
        }
    }
}
