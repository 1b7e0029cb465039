import Foundation
import Testing

@Suite("Compiled topologies and the cache")
struct CompiledTests {
    /// Every command that reads a topology.
    static let commands = [
        "--format json examples/2026-07-01-sto1/alerts.json", "examples/2026-07-01-sto1/alerts.json",
        "--format md examples/2026-07-01-sto1/alerts.json --context examples/2026-07-01-sto1/context.yaml",
        "--format svg examples/2026-07-01-sto1/alerts.json", "match examples/2026-07-01-sto1/alerts.json",
        "explain deployment/external-dns/external-dns examples/2026-07-01-sto1/alerts.json",
        "check", "check --kinds", "what-if site/sto1 --format json", "rank --format json",
        "cut-sets deployment/flakecache/flakecache --order 2 --format json",
    ]

    @Test(arguments: commands)
    func `a compiled topology gives the same bytes as its source`(_ command: String) throws {
        let workspace = try Workspace()
        try workspace.linkRepository()
        _ = try workspace.run("blast-radius compile topology.yaml -o $HOME/t.brt")
        let plain = try workspace.run("blast-radius \(command) -t topology.yaml")
        let compiled = try workspace.run("blast-radius \(command) -t t.brt")
        #expect(plain.output == compiled.output && plain.errors == compiled.errors && plain.exitCode == 0)
        #expect(plain.output.count > 3)
        #expect(compiled.exitCode == 0)
    }

    @Test func `the textbook incidents give the same bytes from compiled topologies`() throws {
        let workspace = try Workspace()
        try workspace.linkRepository()
        let step = try workspace.run(
            """
            for folder in examples/incidents/*/; do
              blast-radius compile -q $folder/topology.yaml -o t.brt || echo compile $folder
              context=; [ -e $folder/context.yaml ] && context="--context $folder/context.yaml"
              for topology in $folder/topology.yaml t.brt; do
                blast-radius $folder/alerts.json $context -t $topology --format json > $(basename $topology).json 2>&1
              done
              cmp topology.yaml.json t.brt.json && echo same
            done
            """
        )
        #expect(step.output.count >= 12 && step.output.allSatisfy { $0 == "same" })
    }

    /// A platform of more than a megabyte, which is kept.
    private static let large =
        "python3 -c \"print('entities:'); [print(f'  host/h{i:06}: {{needs: [host/h{i+1:06}], tags: [a tag that takes some room]}}') for i in range(20000)]; print('  host/h020000: {}')\""

    @Test func `a large topology is kept, and a damaged copy is made anew`() throws {
        let workspace = try Workspace()
        let step = try workspace.run(
            """
            \(Self.large) > topology.yaml
            blast-radius what-if host/h000003 -q --no-cache --format json > none.json; ls .cache 2>&1 | head -1
            blast-radius what-if host/h000003 -q --format json > first.json; ls .cache/blast-radius | wc -l
            blast-radius what-if host/h000003 -q --format json > second.json; ls .cache/blast-radius | wc -l
            cp .cache/blast-radius/*.brt kept; dd if=/dev/zero of=$(ls .cache/blast-radius/*.brt) bs=1 seek=5000 count=9 conv=notrunc 2>&1 | tail -0
            blast-radius what-if host/h000003 -q --format json > third.json
            cmp kept .cache/blast-radius/*.brt && cmp none.json first.json && cmp first.json second.json && cmp second.json third.json && echo same
            sed -i 's/a tag/one tag/' topology.yaml
            blast-radius what-if host/h000003 -q --format json > fourth.json; ls .cache/blast-radius | wc -l
            """
        )
        #expect(
            step.output == [
                "ls: cannot access '.cache': No such file or directory", "1", "1", "same", "2",
            ]
        )
    }

    @Test func `a cache that cannot be written costs nothing`() throws {
        let workspace = try Workspace()
        let step = try workspace.run(
            "\(Self.large) > topology.yaml; touch .cache; blast-radius what-if host/h000003 -q | head -1; ls -A"
        )
        #expect(step.output == ["What if: loss of host/h000003", ".cache", "topology.yaml"] && step.errors == [])
    }
}
