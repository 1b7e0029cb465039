/// Variables and multipliers that come nearer to the optimum of a linear programme with each iteration.
///
/// The primal-dual hybrid gradient method (Chambolle and Pock, "A first-order primal-dual algorithm for convex problems
/// with applications to imaging", 2011) with steps of their own for each row and column (Pock and Chambolle,
/// "Diagonal preconditioning for first order primal-dual algorithms", 2011), and with averages, restarts and a balance of
/// both sides as in Applegate et al., "Practical large-scale linear programming using primal-dual hybrid gradient" (2021).
/// It needs nothing but products with the matrix, and its multipliers give a good bound long before it has converged.
final class PrimalDualIteration {
    /// The best multipliers so far, one for each row and none negative.
    private(set) var bestMultipliers: [Double]
    /// The variables that went with them; they may violate rows a little.
    private(set) var bestVariables: [Double]
    /// The bound of the best multipliers: `b · y + Σ min(0, c − Kᵀ y)`.
    private(set) var bound = -Double.infinity
    private(set) var iterations = 0

    private let programme: LinearProgram
    private let columnCount: Int
    private let rowCount: Int
    /// The entries column by column: those of column `c` are `columnStart[c]..<columnStart[c + 1]`.
    private let columnStart: UnsafeMutablePointer<Int32>
    private let row: UnsafeMutablePointer<Int32>
    private let valueByColumn: UnsafeMutablePointer<Double>
    /// The variables, and as much beyond where each is as it came.
    private var x: Iterate
    private let ahead: UnsafeMutablePointer<Double>
    private var y: Iterate
    /// The reduced costs, `c − Kᵀ y`, and their sum since the last restart.
    private let reduced: UnsafeMutablePointer<Double>
    private let reducedSum: UnsafeMutablePointer<Double>
    /// How many iterates the sums are over.
    private var summed = 0.0
    /// How much longer the steps of the variables are than those of the multipliers.
    private var balance = 1.0

    /// How many iterations there are between two looks at the bound, between two restarts, and between two decisions to go on.
    private static let interval = 40
    private static let restartInterval = 320
    private static let progressInterval = 160
    /// By which part of what it lacks the bound must have risen to go on.
    private static let leastProgress = 0.04

    /// Begins with all variables and multipliers 0.
    ///
    /// - Complexity: O(entries).
    init(_ programme: LinearProgram) {
        self.programme = programme
        columnCount = programme.cost.count
        rowCount = programme.rowCount
        columnStart = .filled(columnCount + 1, 0)
        row = .filled(programme.entryCount, 0)
        valueByColumn = .filled(programme.entryCount, 0)
        ahead = .filled(columnCount, 0)
        reduced = .filled(columnCount, 0)
        reducedSum = .filled(columnCount, 0)
        x = Iterate(count: columnCount)
        y = Iterate(count: rowCount)
        (bestVariables, bestMultipliers) = (x.values, y.values)
        transpose()
        for column in 0..<columnCount { x.setStep(column, over: columnEntries(column).map { valueByColumn[$0] }) }
        for index in 0..<rowCount {
            y.setStep(index, over: programme.entries(ofRow: index).map { programme.value[$0] })
        }
    }

    deinit {
        columnStart.deallocate()
        row.deallocate()
        for pointer in [valueByColumn, ahead, reduced, reducedSum] { pointer.deallocate() }
        x.deallocate()
        y.deallocate()
    }

    private func columnEntries(_ column: Int) -> Range<Int> { Int(columnStart[column])..<Int(columnStart[column + 1]) }

    private func transpose() {
        for column in programme.column { columnStart[Int(column) + 1] += 1 }
        for column in 0..<columnCount { columnStart[column + 1] += columnStart[column] }
        var next = (0..<columnCount).map { Int(columnStart[$0]) }
        for index in 0..<rowCount {
            for entry in programme.entries(ofRow: index) {
                let column = Int(programme.column[entry])
                row[next[column]] = Int32(truncatingIfNeeded: index)
                valueByColumn[next[column]] = programme.value[entry]
                next[column] += 1
            }
        }
    }

    /// Iterates until the bound reaches `goal`, hardly rises in comparison to what it lacks, or the budget is spent.
    ///
    /// - Complexity: O(entries) for each iteration.
    func run(goal: Double, budget: SearchBudget) {
        var last = -Double.infinity
        while !budget.isExhausted {
            for _ in 0..<Self.interval {
                price()
                moveVariables()
                moveMultipliers()
            }
            iterations += Self.interval
            budget.spend(Self.interval * (programme.entryCount / 12 + columnCount / 8))
            let averageIsBetter = consider()
            if bound >= goal { return }
            if iterations % Self.restartInterval == 0 { restart(fromAverage: averageIsBetter) }
            guard iterations % Self.progressInterval == 0 else { continue }
            if bound - last < Self.leastProgress * (goal - bound) { return }
            last = bound
        }
    }

    /// Brings the reduced costs up to date.
    private func price() {
        programme.cost.withUnsafeBufferPointer { cost in
            for column in 0..<columnCount {
                var sum = cost[column]
                for entry in Int(columnStart[column])..<Int(columnStart[column + 1]) {
                    sum -= valueByColumn[entry] * y.value[Int(row[entry])]
                }
                reduced[column] = sum
            }
        }
    }

    private func moveVariables() {
        for column in 0..<columnCount {
            let old = x.value[column]
            let new = min(1, max(0, old - x.step[column] * balance * reduced[column]))
            ahead[column] = 2 * new - old
            x.value[column] = new
            x.sum[column] += new
            reducedSum[column] += reduced[column]
        }
    }

    private func moveMultipliers() {
        let shortening = 1 / balance
        programme.withRows { start, column, value, rightSide in
            for row in 0..<rowCount {
                var slack = rightSide[row]
                for entry in Int(start[row])..<Int(start[row + 1]) { slack -= value[entry] * ahead[Int(column[entry])] }
                let old = y.value[row]
                y.sum[row] += old
                y.value[row] = max(0, old + y.step[row] * shortening * slack)
            }
        }
        summed += 1
    }

    /// Keeps the multipliers, or their average, if their bound is the best, and tells whether the average has the better.
    private func consider() -> Bool {
        price()
        let current = bound(of: y.value, reduced)
        let average = bound(of: y.sum, reducedSum) / summed
        if max(current, average) > bound {
            bound = max(current, average)
            (bestVariables, bestMultipliers) =
                average > current ? (x.average(summed), y.average(summed)) : (x.values, y.values)
        }
        return average > current
    }

    private func bound(of multipliers: UnsafeMutablePointer<Double>, _ reduced: UnsafeMutablePointer<Double>) -> Double
    {
        var sum = 0.0
        for row in 0..<rowCount { sum += programme.rightSide[row] * multipliers[row] }
        for column in 0..<columnCount { sum += min(0, reduced[column]) }
        return sum
    }

    private func restart(fromAverage: Bool) {
        let movedX = x.restart(average: fromAverage ? summed : nil)
        let movedY = y.restart(average: fromAverage ? summed : nil)
        if movedX > 1e-12, movedY > 1e-12 { balance = (balance * (movedX / movedY).squareRoot()).squareRoot() }
        reducedSum.update(repeating: 0, count: columnCount)
        summed = 0
    }
}

/// One side of the iteration: the variables, or the multipliers.
private struct Iterate {
    let count: Int
    let value: UnsafeMutablePointer<Double>
    let step: UnsafeMutablePointer<Double>
    /// Since the last restart.
    let sum: UnsafeMutablePointer<Double>
    /// Where the last restart was.
    private let start: UnsafeMutablePointer<Double>

    init(count: Int) {
        self.count = count
        value = .filled(count, 0)
        start = .filled(count, 0)
        step = .filled(count, 1)
        sum = .filled(count, 0)
    }

    func deallocate() {
        for pointer in [value, step, sum, start] { pointer.deallocate() }
    }

    /// Sets the step of an element from the entries of its row or column.
    func setStep(_ index: Int, over entries: [Double]) {
        step[index] = 1 / max(1, entries.reduce(0) { $0 + abs($1) })
    }

    var values: [Double] { Array(UnsafeBufferPointer(start: value, count: count)) }

    func average(_ summed: Double) -> [Double] { (0..<count).map { sum[$0] / summed } }

    /// Begins anew, from the average over so many iterates if given, and returns how far this is from where the last restart was.
    func restart(average summed: Double?) -> Double {
        var moved = 0.0
        for index in 0..<count {
            if let summed { value[index] = sum[index] / summed }
            moved += (value[index] - start[index]) * (value[index] - start[index]) / step[index]
            start[index] = value[index]
            sum[index] = 0
        }
        return moved
    }
}

extension UnsafeMutablePointer where Pointee: BitwiseCopyable {
    /// Room for so many elements, at least one, which are all `value`.
    static func filled(_ count: Int, _ value: Pointee) -> UnsafeMutablePointer {
        let pointer = allocate(capacity: max(1, count))
        pointer.initialize(repeating: value, count: max(1, count))
        return pointer
    }
}
