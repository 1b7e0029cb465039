/// A few faults at once, and the alerts that they raise.
struct Storm {
    private(set) var roots: [Int32] = []
    /// The entities with an alert, in the order of their numbers.
    private(set) var alerting: [Int32] = []

    /// Faults of assorted layers until about `target` alerts fire: nine tenths of all things are watched, a twentieth of
    /// the alerts is lost, and as many are noise.
    init(in platform: Platform, target: Int, random: inout SeededGenerator) {
        var run = Propagation(platform)
        let kinds: [Platform.Kind] = [.node, .host, .release, .tor, .storagepool, .svc, .deploy, .core, .ns, .operator]
        var candidates: [[Int32]] = Array(repeating: [], count: kinds.count)
        for entity in 0..<platform.count {
            if let index = kinds.firstIndex(of: platform.kinds[entity]) { candidates[index].append(Int32(entity)) }
        }
        let isWatched = (0..<platform.count).map { entity in
            random.chance(0.9) && platform.kinds[entity] != .site && platform.kinds[entity] != .ns
        }
        var down: [Int32] = []
        for _ in 0..<400 where down.count < target {
            let root = random.element(of: candidates[random.below(kinds.count)])
            let reached = run.down(from: roots + [root])
            guard reached.count >= down.count + 2, reached.count <= max(8, target * 5 / 4) else { continue }
            roots.append(root)
            down = reached
        }
        var alerts = Set(down.filter { isWatched[Int($0)] && !random.chance(0.05) })
        let noise = max(1, alerts.count / 20)
        for _ in 0..<noise { alerts.insert(Int32(random.below(platform.count))) }
        alerting = alerts.sorted()
    }
}

/// What is down when some things fail.
private struct Propagation {
    private var owners: [Int32] = []
    private var thresholds: [Int32] = []
    /// For each entity, the groups that it is a member of, behind one another.
    private var offsets: [Int32]
    private var groups: [Int32]

    init(_ platform: Platform) {
        offsets = Array(repeating: 0, count: platform.count + 1)
        for need in platform.needs.joined() { for member in need.members { offsets[Int(member) + 1] += 1 } }
        for entity in 0..<platform.count { offsets[entity + 1] += offsets[entity] }
        groups = Array(repeating: 0, count: Int(offsets[platform.count]))
        var next = offsets
        for (owner, needs) in platform.needs.enumerated() {
            for need in needs {
                for member in need.members {
                    groups[Int(next[Int(member)])] = Int32(owners.count)
                    next[Int(member)] += 1
                }
                owners.append(Int32(owner))
                thresholds.append(Int32(need.threshold))
            }
        }
    }

    mutating func down(from roots: [Int32]) -> [Int32] {
        var isDown: Set<Int32> = Set(roots)
        var counts: [Int32: Int32] = [:]
        var queue = roots
        while let entity = queue.popLast() {
            for place in Int(offsets[Int(entity)])..<Int(offsets[Int(entity) + 1]) {
                let group = groups[place]
                counts[group, default: 0] += 1
                let owner = owners[Int(group)]
                if counts[group] == thresholds[Int(group)], isDown.insert(owner).inserted { queue.append(owner) }
            }
        }
        return isDown.sorted()
    }
}
