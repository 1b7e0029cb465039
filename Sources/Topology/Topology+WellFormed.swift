extension Topology {
    /// Whether every index that the columns hold leads somewhere, so that nothing that reads them can trap.
    ///
    /// - Complexity: O(entities + needs), at the speed of memory.
    package var isWellFormed: Bool {
        let count = entityCount
        guard lastPartOrder.count == count, kindIndices.count == count, places.count == count, marks.count == count,
            requirementOffsets.count == count + 1, requirementOffsets[0] == 0,
            Int(requirementOffsets[count]) == requirementRecords.count
        else { return false }
        let entities = Int32(count)
        return lastPartOrder.lie(in: 0..<entities) && kindIndices.lie(in: 0..<Int32(kinds.count))
            && places.lie(in: -1..<entities) && members.lie(in: 0..<entities)
            && aliases.entities.lie(in: 0..<entities)
            && requirementOffsets.isNondecreasing && requirementsFit && names.isStrictlySorted
    }

    private var requirementsFit: Bool {
        let limit = Int64(members.count)
        return requirementRecords.withUnsafeBufferPointer { records in
            var fits = true
            for record in records {
                let isInside =
                    record.firstMember >= 0 && record.memberCount > 0
                    && Int64(record.firstMember) + Int64(record.memberCount) <= limit
                fits = fits && isInside && record.minimum >= 0 && record.minimum <= record.memberCount
            }
            return fits
        }
    }
}

extension [Int32] {
    fileprivate func lie(in range: Range<Int32>) -> Bool {
        withUnsafeBufferPointer { elements in
            var least = range.lowerBound
            var greatest = range.lowerBound
            for element in elements {
                least = Swift.min(least, element)
                greatest = Swift.max(greatest, element)
            }
            return isEmpty || (least >= range.lowerBound && greatest < range.upperBound)
        }
    }

    fileprivate var isNondecreasing: Bool {
        withUnsafeBufferPointer { elements in
            for index in 1..<Swift.max(1, elements.count) where elements[index] < elements[index - 1] { return false }
            return true
        }
    }
}
