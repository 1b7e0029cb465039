/// How much a search may still do: a counter of work, which makes runs repeatable, and a question to the caller,
/// which makes them stop in time.
final class SearchBudget {
    /// Set once the search must wind up.
    private(set) var isExhausted = false
    /// Work done so far, roughly in visits of an edge.
    private(set) var spent = 0

    private let limit: Int
    private let shouldStop: (() -> Bool)?
    private var nextQuestion = 0
    private static let interval = 1 << 15

    /// A budget of `limit` units of work that also ends when `shouldStop` says so.
    init(limit: Int, shouldStop: (() -> Bool)? = nil) {
        self.limit = limit
        self.shouldStop = shouldStop
        nextQuestion = min(limit, Self.interval)
    }

    /// A budget of its own that ends no later than the caller of `other` wants.
    convenience init(limit: Int, within other: SearchBudget) {
        self.init(limit: limit, shouldStop: other.shouldStop)
    }

    /// Charges `work`, and asks whether to stop every now and then.
    @inline(__always)
    func spend(_ work: Int) {
        spent += work
        if spent >= nextQuestion { ask() }
    }

    private func ask() {
        nextQuestion = max(spent + 1, min(limit, spent + Self.interval))
        if spent >= limit || shouldStop?() == true { isExhausted = true }
    }
}
