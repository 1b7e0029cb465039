extension Diagram {
    /// The layer of each box, 0 the leftmost: one more than that of what leads to it.
    ///
    /// Boxes that lead to each other in a circle have no such order; there the number of arrows from the nearest box
    /// where the circle is entered counts, or from its first box if none enters it. Arrows within a layer or against the
    /// layers do not push boxes apart: a mesh of eighteen services would become a chain of eighteen otherwise.
    ///
    /// - Complexity: O(boxes + arrows).
    package var layers: [Int] {
        var effects = [[Int]](repeating: [], count: boxes.count)
        var causes = [[Int]](repeating: [], count: boxes.count)
        for arrow in arrows {
            effects[arrow.from].append(arrow.to)
            causes[arrow.to].append(arrow.from)
        }
        let circles = Self.circles(effects: effects, causes: causes)
        var circleOf = [Int](repeating: 0, count: boxes.count)
        for (number, circle) in circles.enumerated() { for box in circle { circleOf[box] = number } }

        var layers = [Int](repeating: 0, count: boxes.count)
        // Circles come in topological order, causes first.
        for (number, circle) in circles.enumerated() {
            let base = circle.flatMap { causes[$0] }.filter { circleOf[$0] != number }.map { layers[$0] + 1 }.max() ?? 0
            var queue = circle.filter { box in causes[box].contains { circleOf[$0] != number } }
            if let root = circle.first(where: { boxes[$0].style == .root }) { queue.insert(root, at: 0) }
            if queue.isEmpty { queue = [circle[0]] }
            var steps: [Int: Int] = [:]
            for box in queue { steps[box] = 0 }
            var next = 0
            while next < queue.count {
                let box = queue[next]
                next += 1
                layers[box] = base + (steps[box] ?? 0)
                for effect in effects[box] where circleOf[effect] == number && steps[effect] == nil {
                    steps[effect] = (steps[box] ?? 0) + 1
                    queue.append(effect)
                }
            }
        }
        return layers
    }

    /// The strongly connected components, each in order, in topological order: Kosaraju's two passes (Sharir, "A
    /// strong-connectivity algorithm and its applications in data flow analysis", 1981), without recursion.
    private static func circles(effects: [[Int]], causes: [[Int]]) -> [[Int]] {
        var finished: [Int] = []
        var isSeen = [Bool](repeating: false, count: effects.count)
        for start in effects.indices where !isSeen[start] {
            isSeen[start] = true
            var stack = [(box: start, next: 0)]
            while let (box, next) = stack.last {
                if next < effects[box].count {
                    stack[stack.count - 1].next += 1
                    let effect = effects[box][next]
                    if !isSeen[effect] {
                        isSeen[effect] = true
                        stack.append((effect, 0))
                    }
                } else {
                    finished.append(box)
                    stack.removeLast()
                }
            }
        }
        var circles: [[Int]] = []
        var isTaken = [Bool](repeating: false, count: effects.count)
        for start in finished.reversed() where !isTaken[start] {
            isTaken[start] = true
            var circle = [start]
            var next = 0
            while next < circle.count {
                for cause in causes[circle[next]] where !isTaken[cause] {
                    isTaken[cause] = true
                    circle.append(cause)
                }
                next += 1
            }
            circles.append(circle.sorted())
        }
        return circles
    }
}
