import Topology

/// Which entities share which box, which boxes fit, and which arrows join them.
struct BoxPlan {
    struct Group {
        /// Positions in the selection, in order.
        var items: [Int]
        var room: EntityID?
        /// In how many rooms the members stand, in words, when that is more than one: `in 3 sites`.
        var spread: String?
    }

    /// How many boxes there are at most for causes and their rivals, which need not fit otherwise: a loss that ends what
    /// a hundred thousand other losses end too is nothing to draw.
    private static let causeLimit = 500

    /// In drawing order; the boxes' indices.
    private(set) var groups: [Group] = []
    /// Between groups, each pair once, gravest kind first.
    private(set) var arrows: [(from: Int, to: Int, kind: CauseArrow.Kind, skipped: ClosedRange<Int>)] = []
    /// Items that found no box.
    private(set) var cut: [Int] = []
    /// How many cut entities each box leads to.
    private(set) var hidden: [Int] = []
    private(set) var arrowsLeftOut = 0

    init(_ selection: DiagramSelection, _ topology: Topology, _ options: DiagramOptions) {
        let rooms = Rooms(topology: topology)
        let places = selection.entities.map { rooms.outermost(of: $0) }
        let budget = options.all ? .max : options.maxBoxes
        let classes = Self.siblings(selection, topology, places, focus: options.focus, budget: budget)
        var members = [[Int]](repeating: [], count: classes.count)
        for (item, number) in classes.classes.enumerated() { members[number].append(item) }

        func isInFocus(_ items: [Int]) -> Bool { selection.entities[items[0]] == options.focus }
        func isCause(_ items: [Int]) -> Bool { selection.statuses[items[0]].role.importance == 0 }
        let sorted = members.sorted { Self.isMoreImportant($0, $1, selection) }
        // Causes are the most important by themselves.
        let ordered = sorted.filter(isInFocus) + sorted.filter { !isInFocus($0) }
        var fitting = ordered
        if !options.all, ordered.count > options.maxBoxes {
            let essential = ordered.prefix(Self.causeLimit).prefix { isInFocus($0) || isCause($0) }.count
            fitting = Array(ordered.prefix(max(essential, options.maxBoxes)))
            cut = ordered.dropFirst(fitting.count).flatMap { $0 }.sorted()
        }
        groups = fitting.sorted { Self.isDrawnEarlier($0, $1, selection) }.map { items in
            let sites = Set(items.map { places[$0] })
            let areSites = sites.allSatisfy { $0.map { topology.kind(of: $0).name == "site" } ?? false }
            return Group(
                items: items,
                room: sites.count == 1 ? places[items[0]] : nil,
                spread: sites.count > 1 ? "in \(sites.count) \(areSites ? "sites" : "places")" : nil
            )
        }
        join(selection, limit: options.all ? .max : max(120, groups.count * 3))
    }

    /// The finest level that leaves the picture half empty, or the coarsest; a coarser one where that is much clearer.
    private static func siblings(
        _ selection: DiagramSelection,
        _ topology: Topology,
        _ places: [EntityID?],
        focus: EntityID?,
        budget: Int
    ) -> SiblingClasses {
        let arrows = selection.arrows.map { SiblingClasses.Arrow(from: $0.from, to: $0.to, kind: $0.kind) }
        let causes = selection.statuses.indices.filter { selection.statuses[$0].role.importance == 0 }
        // Of more there is no box, so that nothing is told apart by them.
        let reach = CauseReach(arrows, causes: Array(causes.prefix(causeLimit)), itemCount: selection.entities.count)
            .signatures
        var best = SiblingClasses(keys: [Key](), arrows: [], level: .fate)
        for level in SiblingClasses.Level.allCases {
            let keys = selection.entities.indices.map { item in
                if selection.entities[item] == focus { return Key(entity: focus) }
                var own = key(selection.entities[item], selection.statuses[item], topology, places[item], level)
                own.reach = reach[item]
                return own
            }
            let classes = SiblingClasses(keys: keys, arrows: arrows, level: level)
            let isTooFull = best.count > budget / 2
            // Among more things than there is room for, that a few have an effect of their own is not worth a fifth of
            // the picture.
            let isCrowd = level == .factsAndCauses && keys.count > budget
            let isClearer = isCrowd && classes.count * 5 <= best.count * 4
            if level == .facts || (isTooFull && classes.count < best.count) || isClearer { best = classes }
            if level >= .factsAndCauses, best.count <= budget / 2 { break }
        }
        return best
    }

    /// What siblings have in common; what does not count at a level is left out.
    private struct Key: Hashable {
        /// A root cause, or what is in focus, is like nothing else.
        var entity: EntityID?
        var role: EntityStatus.Role?
        var kind: String?
        var confidence: Int?
        var words: String?
        var place: EntityID?
        var facts: [String]?
        var state: String?
        var stateBefore: String?
        var isSilent = false
        var reach: UInt64 = 0
    }

    private static func key(
        _ entity: EntityID,
        _ status: EntityStatus,
        _ topology: Topology,
        _ place: EntityID?,
        _ level: SiblingClasses.Level
    ) -> Key {
        if case .root = status.role { return Key(entity: entity) }
        var key = Key(role: status.role, kind: topology.kind(of: entity).name, words: status.words)
        if case .rival = status.role {
            key.confidence = status.confidence ?? -1
            key.facts = status.facts
        }
        // Where a witness, an expected effect or a blind spot stands says little: one box stands for those of all places.
        let isPlaceless = [.witness, .expected, .blindSpot].contains(status.role.style)
        if level.isLocal, !isPlaceless { key.place = place }
        if level.comparesFacts {
            key.facts = status.facts
            key.state = status.state
            key.stateBefore = status.stateBefore
            key.isSilent = status.isSilent
        }
        return key
    }

    private static func isMoreImportant(_ lhs: [Int], _ rhs: [Int], _ selection: DiagramSelection) -> Bool {
        func weight(_ items: [Int]) -> (Int, Int, Int, Int, Int) {
            let statuses = items.map { selection.statuses[$0] }
            let importance = statuses[0].role.importance
            let alerts = statuses.reduce(0) { $0 + $1.alertCount }
            let distance = items.map { selection.distances[$0] }.min() ?? .max
            return (importance, distance, -alerts, -items.count, items[0])
        }
        return weight(lhs) < weight(rhs)
    }

    /// Root causes by rank, each followed by its rivals, by what it leads to, nearest first, and by who saw it.
    private static func isDrawnEarlier(_ lhs: [Int], _ rhs: [Int], _ selection: DiagramSelection) -> Bool {
        func place(_ items: [Int]) -> (Int, Int, Int, Int) {
            let rank = items.map { selection.ranks[$0] }.min() ?? .max
            let style = selection.statuses[items[0]].role.style
            let distance = items.map { selection.distances[$0] }.min() ?? .max
            return (rank, Self.turn(style), distance, items[0])
        }
        return place(lhs) < place(rhs)
    }

    private static func turn(_ style: Diagram.BoxStyle) -> Int {
        switch style {
        case .root: 0
        case .rival: 1
        case .witness: 3
        default: 2
        }
    }

    private mutating func join(_ selection: DiagramSelection, limit: Int) {
        var boxOf = [Int](repeating: -1, count: selection.entities.count)
        for (box, group) in groups.enumerated() { for item in group.items { boxOf[item] = box } }
        var found: [[Int]: (kind: CauseArrow.Kind, skipped: ClosedRange<Int>)] = [:]
        var hiddenItems = [Set<Int>](repeating: [], count: groups.count)
        for arrow in selection.arrows {
            let (from, to) = (boxOf[arrow.from], boxOf[arrow.to])
            if from >= 0, to < 0 { hiddenItems[from].insert(arrow.to) }
            guard from >= 0, to >= 0, from != to else { continue }
            guard let entry = found[[from, to]], entry.kind <= arrow.kind else {
                found[[from, to]] = (arrow.kind, arrow.skipped...arrow.skipped)
                continue
            }
            guard entry.kind == arrow.kind else { continue }
            let (least, most) = (entry.skipped.lowerBound, entry.skipped.upperBound)
            found[[from, to]] = (entry.kind, min(least, arrow.skipped)...max(most, arrow.skipped))
        }
        hidden = hiddenItems.map(\.count)
        let all = found.map { (from: $0.key[0], to: $0.key[1], kind: $0.value.kind, skipped: $0.value.skipped) }
            .sorted { ($0.kind, $0.from, $0.to) < ($1.kind, $1.from, $1.to) }
        // Too many: each box's first arrow in and out stays, then the gravest.
        var kept = [Bool](repeating: all.count <= limit, count: all.count)
        if all.count > limit {
            var reached: Set<Int> = []
            var left: Set<Int> = []
            for (index, arrow) in all.enumerated() {
                let isFirstIn = reached.insert(arrow.to).inserted
                let isFirstOut = left.insert(arrow.from).inserted
                kept[index] = isFirstIn || isFirstOut
            }
            var room = limit - kept.count(where: { $0 })
            for index in all.indices where room > 0 && !kept[index] {
                kept[index] = true
                room -= 1
            }
        }
        arrowsLeftOut = kept.count(where: { !$0 })
        arrows = all.indices.filter { kept[$0] }.map { all[$0] }.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    }
}
