public import Topology

/// What to look for in ``SimulationModel/cutSets(of:_:)``.
public struct CutSetOptions: Sendable, Hashable {
    /// The greatest number of losses in a set.
    public var order: Int
    /// The entities that may fail by themselves; nil means all, the one that is asked about included.
    public var candidates: Set<EntityID>?
    /// How long an entity is down after a fault, in hours.
    public var meanTimeToRepair: Double
    /// How many steps on families of sets may be made.
    public var budget: Int
    /// How many sets may be listed.
    public var limit: Int

    /// Looks for sets of up to three of all entities, unless told otherwise.
    public init(
        order: Int = 3,
        candidates: Set<EntityID>? = nil,
        meanTimeToRepair: Double = 4,
        budget: Int = 10_000_000,
        limit: Int = 100_000
    ) {
        self.order = order
        self.candidates = candidates
        self.meanTimeToRepair = meanTimeToRepair
        self.budget = budget
        self.limit = limit
    }
}

/// The minimal sets of losses that bring an entity down: each does, and none of its parts does.
public struct CutSets: Sendable, Hashable {
    /// A minimal set of losses.
    public struct CutSet: Sendable, Hashable {
        /// In order.
        public let members: [EntityID]
        /// The chance that all of them are down at one moment.
        public let probability: Double
    }

    /// What they bring down.
    public let entity: EntityID
    /// The order that was asked for.
    public let order: Int
    /// The order up to which ``cutSets`` holds every minimal cut set; less than ``order`` when the work or the number
    /// of sets went past what was allowed.
    public let completeOrder: Int
    /// Whether there is no minimal cut set besides ``cutSets``, of whatever order.
    public let isExhaustive: Bool
    /// By number of members, then in the order of the members.
    public let cutSets: [CutSet]
    /// How often the entity is down, as the sets found tell.
    public let availability: AvailabilityEstimate

    /// Whether every minimal cut set up to the order asked for was found.
    public var isComplete: Bool { completeOrder == order }
}

/// How often an entity is down, as its minimal cut sets tell.
public struct AvailabilityEstimate: Sendable, Hashable {
    /// What the numbers rest on.
    public enum Assumption: Sendable, Hashable {
        /// Entities fail independently of one another, beyond what the topology says.
        case independentFaults
        /// Each entity fails at its kind's rate and is down for the mean time to repair, in hours; the chance that it
        /// is down is rate × repair ÷ (1 + rate × repair), as in a steady state.
        case steadyState(meanTimeToRepair: Double)
        /// Only cut sets of at most so many members are counted, and there may be larger ones. More members add little,
        /// for each is a small chance.
        case cutSetsUpTo(order: Int)
        /// Whoever can run elsewhere stays where it is.
        case noRescheduling
    }

    /// The sum of the cut sets' probabilities; it can exceed 1.
    public let rareEventUnavailability: Double
    /// The min-cut upper bound, 1 − Π (1 − probability of a set): the chance that some set is down if all were
    /// independent.
    ///
    /// It lies above the true chance when all sets are counted, for sets that share members favour each
    /// other (Esary and Proschan, 1970).
    public let unavailability: Double
    /// What the numbers rest on.
    public let assumptions: [Assumption]

    /// The share of time in which the entity is up.
    public var availability: Double { 1 - unavailability }
    /// How long the entity is down in a year, in hours.
    public var hoursDownPerYear: Double { unavailability * Self.hoursPerYear }

    /// A year of 365 days.
    public static let hoursPerYear = 8760.0

    /// Estimates from sets that are complete up to `order`; nil when there are no larger ones.
    init(_ cutSets: [CutSets.CutSet], order: Int?, meanTimeToRepair: Double) {
        var sum = 0.0
        var bound = 0.0
        for set in cutSets {
            sum += set.probability
            bound += set.probability - bound * set.probability
        }
        rareEventUnavailability = sum
        unavailability = bound
        assumptions =
            [.independentFaults, .steadyState(meanTimeToRepair: meanTimeToRepair)]
            + [order.map(Assumption.cutSetsUpTo)].compactMap(\.self) + [.noRescheduling]
    }

    /// The chance that something which fails so often a year, for so many hours each time, is down at one moment.
    static func unavailability(faultsPerYear: Double, meanTimeToRepair: Double) -> Double {
        let load = faultsPerYear * meanTimeToRepair
        return load / (hoursPerYear + load)
    }
}

extension SimulationModel {
    /// Finds the minimal cut sets of `entity`: all sets of losses, up to an order, that bring it down and of which no
    /// part does.
    ///
    /// Orders are found one after another, so that what is returned is complete up to ``CutSets/completeOrder`` even
    /// where the order asked for is out of reach. The entity itself is a cut set of order 1, unless the candidates
    /// leave it out.
    ///
    /// - Complexity: exponential in the order at worst; bounded by the budget.
    public func cutSets(of entity: EntityID, _ options: CutSetOptions = CutSetOptions()) -> CutSets {
        var search = CutSetSearch(UpstreamCone(of: entity, in: graph), options)
        search.run()
        let found = search.found.map { members in
            CutSets.CutSet(
                members: members,
                probability: members.reduce(1) { product, member in
                    let rate = topology.kind(of: member).faultsPerYear
                    return product
                        * AvailabilityEstimate.unavailability(
                            faultsPerYear: rate,
                            meanTimeToRepair: options.meanTimeToRepair
                        )
                }
            )
        }
        return CutSets(
            entity: entity,
            order: options.order,
            completeOrder: search.completeOrder,
            isExhaustive: search.isExhaustive,
            cutSets: found,
            availability: AvailabilityEstimate(
                found,
                order: search.isExhaustive ? nil : search.completeOrder,
                meanTimeToRepair: options.meanTimeToRepair
            )
        )
    }
}
