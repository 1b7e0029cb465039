import Topology

/// Where things stand: the rooms of a picture.
struct Rooms {
    let topology: Topology

    /// The outermost place of an entity: its site, or else the outermost thing that it is placed on.
    ///
    /// An entity that is placed nowhere but needs one of the same name under another kind (a deploy *of* a host) stands
    /// where that stands.
    func outermost(of entity: EntityID) -> EntityID? {
        if let place = ownPlace(of: entity) { return place }
        let name = topology.shortName(of: entity)
        for requirement in topology.requirements(of: entity) where !requirement.isGroup && requirement.strength == .hard
        {
            guard let needed = requirement.members.first, topology.shortName(of: needed) == name else { continue }
            if let place = ownPlace(of: needed) { return place }
        }
        return nil
    }

    private func ownPlace(of entity: EntityID) -> EntityID? {
        if let site = topology.site(of: entity) { return site }
        var outermost: EntityID?
        var current = topology.place(of: entity)
        var steps = 0
        while let here = current, steps < 64 {
            outermost = here
            current = topology.place(of: here)
            steps += 1
        }
        return outermost
    }
}

extension Diagram {
    /// Puts each box into its room: its outermost place, and within that a shared inner place that has no box of its
    /// own and holds several.
    ///
    /// Root causes and rivals without a place share a room when there are others, since that they belong to no site is
    /// part of the finding; effects without a place stand free, so that they can stand far right. `members` are the
    /// entities of each box.
    mutating func furnishRooms(_ topology: Topology, members: [[EntityID]], outer: [EntityID?]) {
        rooms = []
        let drawn = Set(members.joined())
        var counts: [EntityID: Int] = [:]
        for place in outer.compactMap({ $0 }) { counts[place, default: 0] += 1 }
        // A place that is no site helps only when it says what no box says, of more than one.
        let outer = outer.map { place -> EntityID? in
            guard let place, topology.kind(of: place).name != "site" else { return place }
            return drawn.contains(place) || counts[place] == 1 ? nil : place
        }
        guard outer.contains(where: { $0 != nil }) else { return }
        let inner = untangled(
            members.indices.map { box -> EntityID? in
                let places = Set(members[box].map { topology.place(of: $0) })
                guard places.count == 1, let place = places.first, let place else { return nil }
                return drawn.contains(place) || outer[box] == nil || place == outer[box] ? nil : place
            }
        )
        var innerCounts: [EntityID: Int] = [:]
        for place in inner.compactMap({ $0 }) { innerCounts[place, default: 0] += 1 }
        var indices: [EntityID?: Int] = [:]
        for (box, place) in outer.enumerated() where place != nil || boxes[box].style.importance == 0 {
            let room = indices[place] ?? openRoom(place, topology, parent: nil)
            indices[place] = room
            boxes[box].room = room
            guard let place, let within = inner[box], let count = innerCounts[within], count > 1 else { continue }
            guard count < counts[place] ?? 0 else { continue }
            let nested = indices[within] ?? openRoom(within, topology, parent: room)
            indices[within] = nested
            boxes[box].room = nested
        }
    }

    /// Inner places without those that lead to one another both ways: walls around those would cross the arrows, and
    /// Graphviz draws arrows through boxes to keep the walls.
    private func untangled(_ inner: [EntityID?]) -> [EntityID?] {
        let ways = Set(
            arrows.compactMap { arrow in inner[arrow.from].flatMap { from in inner[arrow.to].map { [from, $0] } } }
        )
        let tangled = Set(ways.filter { $0[0] != $0[1] && ways.contains([$0[1], $0[0]]) }.joined())
        return inner.map { place in place.flatMap { tangled.contains($0) ? nil : $0 } }
    }

    private mutating func openRoom(_ place: EntityID?, _ topology: Topology, parent: Int?) -> Int {
        if let place {
            let name = LabelText.cutMiddle(topology.shortName(of: place), to: 40)
            let kind = topology.kind(of: place)
            rooms.append(
                Room(
                    id: ElementID.make("r", topology.name(of: place)),
                    name: kind.name == "site" ? name : "\(LabelText.cut(kind.label, to: 24)) \(name)",
                    label: topology.details(of: place).label.map { LabelText.cut($0, to: 40) },
                    parent: parent
                )
            )
        } else {
            rooms.append(Room(id: "r-shared", name: "shared", label: "no site", parent: nil))
        }
        return rooms.count - 1
    }
}
