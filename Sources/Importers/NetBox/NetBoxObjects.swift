internal import Diagnostics

/// One object of NetBox's REST API.
struct NetBoxObject {
    /// What identifies an object: where the API lists it, `dcim/devices`, and its number there.
    struct Key: Hashable {
        var endpoint: String
        var id: Int
    }

    let key: Key
    let value: ImportValue

    var location: SourceLocation { value.location }

    subscript(key: String) -> ImportValue? { value[key] }

    /// The name, or what NetBox shows for what has none.
    var title: String { value["name"]?.text ?? value["display"]?.text ?? "\(key.endpoint) \(key.id)" }

    /// `active`: choices are mappings of a value and a label, in older exports texts.
    var status: String? { value.choice("status") }
}

extension ImportValue {
    /// The value of a field that offers a choice.
    func choice(_ key: String) -> String? {
        guard let field = self[key] else { return nil }
        return field["value"]?.text ?? field.text
    }

    /// The number of the object in a field.
    func id(_ key: String) -> Int? { self[key]?["id"]?.integer ?? self[key]?.integer }
}

/// The objects of all inputs, by endpoint, each once.
struct NetBoxObjects {
    private var objects: [String: [NetBoxObject]] = [:]
    private var places: [NetBoxObject.Key: Int] = [:]
    private(set) var tally = Tally()

    subscript(endpoint: String) -> [NetBoxObject] { objects[endpoint] ?? [] }

    subscript(endpoint: String, id: Int) -> NetBoxObject? {
        places[NetBoxObject.Key(endpoint: endpoint, id: id)].flatMap { objects[endpoint]?[$0] }
    }

    var endpoints: [String] { objects.keys.sorted() }

    static func read(_ documents: [ImportValue]) -> (objects: NetBoxObjects, diagnostics: [Diagnostic]) {
        var objects = NetBoxObjects()
        let diagnostics = documents.flatMap { objects.add($0) }
        return (objects, diagnostics)
    }

    /// Adds what a document holds: an answer of the API, a list, one object, or lists by any names.
    private mutating func add(_ document: ImportValue) -> [Diagnostic] {
        if document.isList { return Diagnostic.oneFor(document.elements.compactMap { insert($0) }) }
        if document["id"] == nil, let message = document["detail"]?.text ?? document["error"]?.text {
            return [.serverError(message, at: document.location)]
        }
        if let results = document["results"], results.isList {
            var findings = Diagnostic.oneFor(results.elements.compactMap { insert($0) })
            if document["next"] != nil {
                findings.append(
                    Diagnostic(
                        .warning,
                        "partial-list",
                        "only \(results.elements.count) of \(document["count"]?.text ?? "more") objects are in this answer",
                        at: document.location,
                        fix: "fetch it with ?limit=0, or give the next pages too"
                    )
                )
            }
            return findings
        }
        let lists = document.members.filter(\.value.isList)
        if document["id"] == nil, !lists.isEmpty { return lists.flatMap { add($0.value) } }
        return [insert(document)].compactMap { $0 }
    }

    /// - Returns: A finding if this is no object of the API.
    private mutating func insert(_ value: ImportValue) -> Diagnostic? {
        guard let id = value["id"]?.integer, let endpoint = Self.endpoint(of: value) else {
            return Diagnostic(
                .error,
                "wrong-shape",
                "this is no object of NetBox's API",
                at: value.location,
                fix: "give answers of its REST API, such as /api/dcim/devices/?limit=0"
            )
        }
        let object = NetBoxObject(key: NetBoxObject.Key(endpoint: endpoint, id: id), value: value)
        guard places[object.key] == nil else {
            let what = "an object given twice, of which the first is taken"
            tally.count("repeated-object", what, example: object.title, at: object.location)
            return nil
        }
        places[object.key] = objects[endpoint, default: []].count
        objects[endpoint, default: []].append(object)
        return nil
    }

    /// Fields that only one endpoint's objects have, for exports without URLs.
    private static let marks: [(field: String, endpoint: String)] = [
        ("a_terminations", "dcim/cables"), ("termination_a_id", "dcim/cables"), ("device_type", "dcim/devices"),
        ("vcpus", "virtualization/virtual-machines"), ("power_panel", "dcim/power-feeds"), ("u_height", "dcim/racks"),
        ("maximum_draw", "dcim/power-ports"), ("feed_leg", "dcim/power-outlets"), ("mgmt_only", "dcim/interfaces"),
        ("powerfeed_count", "dcim/power-panels"), ("time_zone", "dcim/sites"), ("site_count", "dcim/regions"),
        ("assigned_object_id", "ipam/ip-addresses"), ("virtualmachine_count", "virtualization/clusters"),
        ("_depth", "dcim/locations"),
    ]

    /// `dcim/devices`, from the object's own URL.
    private static func endpoint(of value: ImportValue) -> String? {
        if let url = value["url"]?.text {
            let parts = url.split(separator: "/")
            guard let api = parts.firstIndex(of: "api"), parts.count > api + 2 else { return nil }
            return "\(parts[api + 1])/\(parts[api + 2])"
        }
        // An empty field counts: what an object can have tells what it is.
        let fields = Set(value.members.map(\.key))
        return marks.first { fields.contains($0.field) }?.endpoint
    }
}
