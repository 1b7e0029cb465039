/// A made-up platform of several sites, the same for the same size and seed.
///
/// The shape is that of real ones: power, core and top-of-rack switches under hosts, nodes and pods; releases that many
/// workloads share, and operators that many releases share; storage pools on a quorum of monitors, two name servers a
/// site; deployments on some of their pods; services that call one another, mostly downward and within the
/// neighbourhood, with a few cycles.
struct Platform {
    /// What an entity needs: `minimum` of the members.
    struct Need {
        var minimum: Int
        var members: [Int32]

        /// How many members must be down before the need is unmet.
        var threshold: Int { members.count - minimum + 1 }
    }

    private(set) var kinds: [Kind] = []
    private(set) var sites: [Int32] = []
    private(set) var places: [Int32] = []
    private(set) var needs: [[Need]] = []

    enum Kind: String, CaseIterable {
        case site, power, core, tor, storagemon, storagepool, dns, host, node, ns, `operator`, release, pod, deploy, svc

        /// The name of the alert that tells of its loss.
        var alertName: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() + "Down" }
    }

    var count: Int { kinds.count }

    /// How many members all needs have together.
    var dependencyCount: Int { needs.reduce(0) { $0 + $1.reduce(0) { $0 + $1.members.count } } }

    /// `pod/s3/pod-1200`.
    func name(_ entity: Int) -> String { "\(kinds[entity].rawValue)/s\(sites[entity])/\(shortName(entity))" }

    func shortName(_ entity: Int) -> String { "\(kinds[entity].rawValue)-\(entity)" }

    /// About `size` entities.
    init(size: Int, random: inout SeededGenerator) {
        let siteCount = max(2, (size + 25_000) / 50_000)
        let hostCount = max(4, size / (100 * siteCount))
        var racks: [Site] = []
        for number in 0..<siteCount { racks.append(addSite(number, hosts: hostCount, size / siteCount, &random)) }
        connectNames(&racks, &random)
        let deployments = addWorkloads(size * 16 / 100, racks, &random)
        addServices(size * 12 / 100, on: deployments, &random)
    }

    private struct Site {
        var hosts: [Int32]
        var nodes: [Int32]
        var pools: [Int32]
        var nameServers: [Int32]
        var namespaces: [Int32]
        var releases: [Int32]
    }

    @discardableResult
    private mutating func add(_ kind: Kind, _ site: Int, on place: Int32? = nil) -> Int32 {
        kinds.append(kind)
        sites.append(Int32(site))
        places.append(place ?? -1)
        needs.append(place.map { [Need(minimum: 1, members: [$0])] } ?? [])
        return Int32(count - 1)
    }

    /// All of the members.
    private mutating func need(_ owner: Int32, _ members: Int32...) {
        for member in members { needs[Int(owner)].append(Need(minimum: 1, members: [member])) }
    }

    private mutating func need(_ owner: Int32, _ minimum: Int, of members: [Int32]) {
        needs[Int(owner)].append(Need(minimum: minimum, members: members))
    }

    private mutating func addSite(
        _ number: Int,
        hosts hostCount: Int,
        _ size: Int,
        _ random: inout SeededGenerator
    ) -> Site {
        let site = add(.site, number)
        let power = (0..<2).map { _ in add(.power, number, on: site) }
        let cores = (0..<2).map { _ in add(.core, number, on: site) }
        for core in cores { need(core, 1, of: power) }
        let switches = (0..<max(1, hostCount / 20)).map { _ in add(.tor, number, on: site) }
        for tor in switches {
            need(tor, 1, of: cores)
            need(tor, 1, of: power)
        }
        let hosts = (0..<hostCount).map { _ in add(.host, number, on: site) }
        for (index, host) in hosts.enumerated() {
            need(host, switches[index % switches.count])
            need(host, 1, of: power)
        }
        let monitors = random.sample(3, of: hosts).map { add(.storagemon, number, on: $0) }
        let pools = (0..<4).map { _ in add(.storagepool, number, on: site) }
        for pool in pools {
            need(pool, 2, of: monitors)
            let disks = random.sample(min(hostCount, 12), of: hosts)
            need(pool, disks.count - max(2, disks.count / 4) + 1, of: disks)
        }
        let nodes = hosts.flatMap { host in (0..<2).map { _ in add(.node, number, on: host) } }
        let nameServers = random.sample(2, of: nodes).map { add(.dns, number, on: $0) }
        let namespaces = (0..<max(2, size / 200)).map { _ in add(.ns, number) }
        let operators = (0..<2).map { _ in add(.operator, number) }
        var releases: [Int32] = []
        for index in 0..<max(2, size * 3 / 100) {
            let release = add(.release, number)
            need(release, namespaces[index % namespaces.count], operators[index % operators.count])
            releases.append(release)
        }
        return Site(
            hosts: hosts,
            nodes: nodes,
            pools: pools,
            nameServers: nameServers,
            namespaces: namespaces,
            releases: releases
        )
    }

    /// The name servers of every site ask either of two masters.
    private mutating func connectNames(_ sites: inout [Site], _ random: inout SeededGenerator) {
        let masters = (0..<2).map { add(.dns, $0, on: sites[$0].nodes[0]) }
        for site in sites {
            for server in site.nameServers where server != masters[0] && server != masters[1] {
                need(server, 1, of: masters)
            }
        }
    }

    private mutating func addWorkloads(
        _ number: Int,
        _ sites: [Site],
        _ random: inout SeededGenerator
    ) -> [Int32] {
        var deployments: [Int32] = []
        for _ in 0..<number {
            let place = random.below(sites.count)
            let site = sites[place]
            let release = random.element(of: site.releases)
            let namespace = random.element(of: site.namespaces)
            let replicas = random.element(of: [1, 2, 3, 3, 3, 4, 6, 10])
            let pool = random.chance(0.4) ? random.element(of: site.pools) : nil
            let deployment = add(.deploy, place)
            var pods: [Int32] = []
            for _ in 0..<replicas {
                let pod = add(.pod, place, on: random.element(of: site.nodes))
                need(pod, release, namespace)
                if let pool { need(pod, pool) }
                need(pod, 1, of: site.nameServers)
                pods.append(pod)
            }
            // Half of many pods must be up, one of few.
            need(deployment, replicas <= 3 ? 1 : replicas - (replicas + 1) / 2 + 1, of: pods)
            need(deployment, release, namespace)
            deployments.append(deployment)
        }
        return deployments
    }

    private mutating func addServices(
        _ number: Int,
        on deployments: [Int32],
        _ random: inout SeededGenerator
    ) {
        let behind = random.sample(number, of: deployments).sorted()
        let services = behind.map { add(.svc, Int(sites[Int($0)])) }
        for (index, service) in services.enumerated() {
            need(service, behind[index])
            var called: Set<Int> = [index]
            for _ in 0..<random.element(of: [0, 1, 1, 2, 3, 4, 6, 8]) {
                // A few call somebody above them, so that cycles occur; most somebody near.
                let near = max(0, index - 400) + Int(random.unit() * random.unit() * Double(min(index, 400)))
                let other =
                    random.chance(0.01)
                    ? min(services.count - 1, index + 1 + random.below(50))
                    : random.chance(0.95) ? near : random.below(index + 1)
                if called.insert(other).inserted { need(service, services[other]) }
            }
        }
    }
}
