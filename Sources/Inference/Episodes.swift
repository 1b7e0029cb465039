internal import Foundation

/// Which symptoms began together, and what it costs to take those that began at another time for effects of the same
/// fault.
///
/// Onsets less than the usual delay apart, one after the other, are of one episode; the *main* one weighs most. What began
/// d before or after it may have a cause of its own, at any moment of d, or be a late effect of a cause that shows in
/// the main episode: delays are about log-uniform, so that the chance of one of d falls as usual/d.
struct Episodes {
    /// The episode of each symptom; 0 is the main one.
    private(set) var ofSymptom: [Int]
    /// What it costs that a cause which shows in the main episode also explains each of the others; 0 for the main one.
    private(set) var prices: [Cost] = [0]

    /// - Complexity: O(n log n).
    init(_ evidence: Evidence) {
        ofSymptom = Array(repeating: 0, count: evidence.symptoms.count)
        guard let usual = evidence.usualDelay else { return }
        let groups = Self.groups(evidence.symptoms, usual)
        let weights = groups.map { group in group.reduce(0) { $0 + evidence.symptoms[$1].weight } }
        guard let most = weights.max(), let main = weights.lastIndex(of: most) else { return }
        func time(_ symptom: Int?) -> Int64 { symptom.map { evidence.symptoms[$0].onset.upperBound } ?? 0 }
        for (index, group) in groups.enumerated() where index != main {
            for symptom in group { ofSymptom[symptom] = prices.count }
            let distance =
                index < main
                ? time(groups[main].first) - time(group.last) : time(group.first) - time(groups[main].last)
            addEpisode(distance: distance, usual)
        }
        // What is only known to have been so by then began then at the latest.
        let start = time(groups[main].first)
        for (index, symptom) in evidence.symptoms.enumerated()
        where !Self.isDated(symptom, usual) && symptom.onset.upperBound < start &- usual {
            ofSymptom[index] = prices.count
            addEpisode(distance: start - symptom.onset.upperBound, usual)
        }
    }

    private mutating func addEpisode(distance: Int64, _ usual: Int64) {
        prices.append(Swift.max(1, Cost(nats: log(Double(distance) / Double(usual)))))
    }

    private static func isDated(_ symptom: Symptom, _ usual: Int64) -> Bool {
        symptom.onset.upperBound &- symptom.onset.lowerBound <= usual
    }

    /// Symptoms by time, cut where nothing began for longer than usual; those are left out whose time is less certain than
    /// that.
    private static func groups(_ symptoms: [Symptom], _ usual: Int64) -> [[Int]] {
        let dated = symptoms.indices.filter { isDated(symptoms[$0], usual) }
        var groups: [[Int]] = []
        var last: Int64?
        for index in dated.sorted(by: { symptoms[$0].onset.upperBound < symptoms[$1].onset.upperBound }) {
            let time = symptoms[index].onset.upperBound
            if let last, time - last <= usual {
                groups[groups.count - 1].append(index)
            } else {
                groups.append([index])
            }
            last = time
        }
        return groups
    }
}
