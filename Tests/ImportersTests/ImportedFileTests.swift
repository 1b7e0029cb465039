import Diagnostics
import Importers
import Testing
import Topology

/// A file that holds imported and hand-made parts.
@Suite struct ImportedFileTests {
    private func nodes(_ names: String...) throws -> ImportedTopology {
        let text = names.map { "---\n{apiVersion: v1, kind: Node, metadata: {name: \($0)}}\n" }.joined()
        return try #require(ImportedTopology.read([("in", Array(text.utf8))], as: .kubernetes).topology)
    }

    private func kustomization() throws -> ImportedTopology {
        let text =
            "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: k, namespace: n}}"
        return try #require(ImportedTopology.read([("in", Array(text.utf8))], as: .flux).topology)
    }

    private let handMade = """
        # ours
        version: 1
        entities:   # all of them
          site/a: {label: A}   # by hand

        alerts: []
        """

    @Test func handMadePartsStay() throws {
        var file = ImportedFile(handMade, path: "t.yaml")
        #expect(file.update(with: try nodes("n1", "n2")).isEmpty)
        #expect(
            file.text == """
                # ours
                version: 1
                entities:   # all of them
                  # imported from kubernetes: begin (--update replaces these lines; move an entity out, or comment on it, to keep it)
                  node/n1: {}
                  node/n2: {}
                  # imported from kubernetes: end
                  site/a: {label: A}   # by hand

                alerts: []

                """
        )
        let once = file.text
        #expect(file.update(with: try nodes("n1", "n2")).isEmpty)
        #expect(file.text == once)
    }

    /// The marked lines keep the place that somebody gave them; n2 was moved out and edited, and stays as it is.
    @Test func anEntityThatWasMovedOutIsKept() throws {
        let text = """
            version: 1
            entities:
              node/n2: {criticality: high}
              # imported from kubernetes: begin
              node/n1: {}
              # imported from kubernetes: end
              site/a: {}

            """
        var file = ImportedFile(text, path: "t.yaml")
        #expect(file.update(with: try nodes("n2", "n3")).map(\.code) == ["removed", "kept-by-hand"])
        #expect(
            file.text.split(separator: "\n").map { $0.prefix(35) } == [
                "version: 1", "entities:", "  node/n2: {criticality: high}", "  # imported from kubernetes: begin",
                "  node/n3: {}", "  # imported from kubernetes: end", "  site/a: {}",
            ]
        )
    }

    /// What no import of Kubernetes gives is somebody's; a comment keeps an entity as it stands, even when it is gone.
    @Test func whatPeopleWroteBetweenTheMarksIsKept() throws {
        let text = """
            version: 1
            entities:
              # imported from kubernetes: begin
              node/n1: {criticality: critical, label: 'the #1', owner: platform, tags: [old]}
              node/n2:
                observed_by: [site/a]
                aliases: [192.0.2.9]
              # ours: the import does not know its switch
              node/n3:
                needs:
                  - switch/sw1   # in the same rack
              node/n4: {tags: [gpu]}   # for the trainers
              node/n5: {}
              # imported from kubernetes: end
              switch/sw1: {}
              site/a: {needs: [node/n5]}

            """
        var file = ImportedFile(text, path: "t.yaml")
        let findings = file.update(with: try nodes("n1", "n2", "n3"))
        #expect(
            file.text.split(separator: "\n").dropFirst(3).map(String.init) == [
                "  node/n1: {label: 'the #1', criticality: critical, owner: platform}",
                "  node/n2: {observed_by: [site/a]}", "  # ours: the import does not know its switch", "  node/n3:",
                "    needs:", "      - switch/sw1   # in the same rack",
                "  node/n4: {tags: [gpu]}   # for the trainers", "  # imported from kubernetes: end",
                "  switch/sw1: {}", "  site/a: {needs: [node/n5]}",
            ]
        )
        #expect(findings.map(\.code) == ["kept-by-hand", "kept-by-hand", "removed", "still-named"])
        #expect(findings.last?.location?.line == 16)
        let once = file.text
        #expect(file.update(with: try nodes("n1", "n2", "n3")).map(\.code) == ["kept-by-hand", "kept-by-hand"])
        #expect(file.text == once)
    }

    @Test func anEntityThatWasCopiedOutIsKeptThere() throws {
        let text = """
            version: 1
            entities:
              # imported from kubernetes: begin
              node/n1: {}
              # imported from kubernetes: end
              node/n1: {criticality: high}

            """
        var file = ImportedFile(text, path: "t.yaml")
        #expect(file.update(with: try nodes("n1")).map(\.code) == ["kept-by-hand"])
        #expect(try resolved(file.text).entityCount == 1)
    }

    @Test func sourcesStandBesideEachOther() throws {
        var file = ImportedFile()
        _ = file.update(with: try nodes("n1"))
        _ = file.update(with: try kustomization())
        _ = file.update(with: try nodes("n2"))
        let topology = try resolved(file.text)
        #expect(topology.entities.map(topology.name) == ["kustomization/n/k", "node/n2"])
    }

    @Test(arguments: [
        ("entities: {site/a: {}}\n", "inline-section"), ("entities: [1]\n", "wrong-shape"),
        ("entities:\n  # imported from kubernetes: begin\n  a/b: {}\n", "broken-marks"),
        ("entities:\n  # imported from kubernetes: end\n", "broken-marks"), ("entities:\n\t- x\n", "invalid-yaml"),
        ("\"entities\":\n  site/a: {}\n", "no-place"),
    ])
    func aFileThatCannotBeUpdatedStays(text: String, code: String) throws {
        var file = ImportedFile(text, path: "t.yaml")
        let findings = file.update(with: try nodes("n1"))
        #expect(findings.map(\.code) == [code])
        #expect(findings.first?.location?.file == "t.yaml")
        #expect(file.text == text)
    }

    @Test(arguments: [
        "version: 1\n", "entities: {}\n", "entities:\n", "version: 1\nentities:\n# end", "# ours\n", "",
        "version: 1\r\nentities:\r\n", "version: 1\r\nentities: {}\r\n",
    ])
    func aFileWithoutEntitiesGetsThem(text: String) throws {
        var file = ImportedFile(text, path: "t.yaml")
        let findings = file.update(with: try nodes("n1"))
        #expect(!findings.contains { $0.severity == .error })
        #expect(try resolved(file.text).entityCount == 1)
    }

    @Test func aDifferenceIsUnified() {
        let old = (1...20).map { "line \($0)\n" }.joined()
        let new = old.replacing("line 2\n", with: "").replacing("line 15\n", with: "line 15\nnew\n")
        #expect(
            UnifiedDiff.between(old, new, path: "f") == """
                --- f
                +++ f
                @@ -1,5 +1,4 @@
                 line 1
                -line 2
                 line 3
                 line 4
                 line 5
                @@ -13,6 +12,7 @@
                 line 13
                 line 14
                 line 15
                +new
                 line 16
                 line 17
                 line 18

                """
        )
        #expect(UnifiedDiff.between(old, old, path: "f").isEmpty)
        #expect(UnifiedDiff.between("", "a\n", path: "f") == "--- f\n+++ f\n@@ -0,0 +1 @@\n+a\n")
        #expect(UnifiedDiff.between("a\n", "", path: "f") == "--- f\n+++ f\n@@ -1 +0,0 @@\n-a\n")
    }
    /// A hand-made file can have any line ends and worse, and the difference is read on a terminal.
    @Test func aDifferenceHidesNothingFromATerminal() {
        let shown = UnifiedDiff.between("a\r\n", "a\r\n\u{1B}[2Jb\n", path: "f\u{7}")
        #expect(shown == "--- f\u{FFFD}\n+++ f\u{FFFD}\n@@ -1 +1,2 @@\n a\u{FFFD}\n+\u{FFFD}[2Jb\n")
    }
}
