// swift-tools-version: 6.2
import PackageDescription

/// One language for every target: Swift 6 with the upcoming features that make imports and isolation explicit, and
/// no warnings.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let testSupport: Target.Dependency = "TestSupport"
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// A module of ours.
///
/// The order below is the order of the layers: a target depends only on those above it.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
    _ name: String,
    _ dependencies: [Target.Dependency],
    exclude: [String] = [],
    resources: [Resource] = []
) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: settings)
}

let package = Package(
    name: "blast-radius",
    products: [
        .library(
            name: "BlastRadius",
            targets: ["BlastRadius", "Reports", "Inference", "Simulation", "Topology", "TopologyFormats", "Alerts"]
        ),
        .executable(name: "blast-radius", targets: ["blast-radius"]),
    ],
    dependencies: [
        // Corrections come by themselves; a minor version is read before it is taken, for the reason given with each.
        // The command line: parsing, help, completions and the man page. Its help texts are compared in tests.
        .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.0")),
        // YAML with places, over libyaml. It is the C that reads what others wrote, and 6.2 is what is fuzzed.
        .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.0")),
        // Mustache, for reports in a house style. It parses templates, and its errors are put into words one by one.
        .package(url: "https://github.com/hummingbird-project/swift-mustache", .upToNextMinor(from: "2.1.0")),
    ],
    targets: [
        // Vocabularies that know nothing of the domain.
        module("Graphs"),
        module("Diagnostics"),
        module("Time"),
        module("JSON", ["Diagnostics"]),

        // The domain.
        module("Topology", ["Diagnostics"]),
        module("Alerts", ["Topology", "Diagnostics", "JSON", "Time"]),
        module("TopologyFormats", ["Topology", "Alerts", "Diagnostics", "Time", yams]),

        // Topologies from what people already run.
        module("Importers", ["Topology", "TopologyFormats", "Diagnostics", "JSON"]),

        // What runs: alerts, rules and history as servers tell them.
        .systemLibrary(name: "CCurl"),
        module("LiveSources", ["CCurl", "Diagnostics", "JSON", "Time"]),

        // The core: one failure graph, run forward and inverted.
        module("Propagation", ["Topology", "Graphs"]),
        module("Simulation", ["Propagation", "Topology", "Graphs"]),
        module("Inference", ["Propagation", "Topology", "Graphs"]),

        // The picture.
        module("Diagram", ["Topology"]),
        .systemLibrary(
            name: "CGraphviz",
            pkgConfig: "libgvc",
            providers: [.apt(["libgraphviz-dev"]), .brew(["graphviz"])]
        ),
        module("GraphvizRenderer", ["CGraphviz", "Diagram"]),

        // The library's face, its views, and the command.
        module(
            "BlastRadius",
            [
                "Alerts", "Diagnostics", "Graphs", "Inference", "Propagation", "Simulation", "Time", "Topology",
                "TopologyFormats",
            ]
        ),
        module(
            "Reports",
            [
                "BlastRadius", "Alerts", "Diagnostics", "Diagram", "Inference", "JSON", "Simulation", "Time",
                "Topology",
                mustache,
            ]
        ),
        module(
            "BlastRadiusCLI",
            [
                "BlastRadius", "Reports", "Alerts", "Diagnostics", "Diagram", "GraphvizRenderer", "Importers",
                "Inference", "JSON", "LiveSources", "Simulation", "Time", "Topology", "TopologyFormats", argumentParser,
            ]
        ),
        .executableTarget(name: "blast-radius", dependencies: ["BlastRadiusCLI"], swiftSettings: settings),

        // Tests.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        tests("JSONTests", ["JSON", "Diagnostics"]),
        tests("TimeTests", ["Time"]),
        tests("AlertsTests", ["Alerts", "Diagnostics", "JSON", "Time", "Topology"], resources: [.copy("Samples")]),
        tests("GraphsTests", ["Graphs", testSupport]),
        tests("DiagramTests", ["Diagram", "Diagnostics", "Topology"]),
        tests("GraphvizRendererTests", ["GraphvizRenderer", "CGraphviz", "Diagram", "Diagnostics", "Topology"]),
        tests("SolverTests", ["Graphs", "Inference", testSupport]),
        tests("SimulationTests", ["Simulation", "Propagation", "Topology", "Graphs", testSupport]),
        tests("TopologyFormatsTests", ["TopologyFormats", "Alerts", "Diagnostics", "Time", "Topology"]),
        tests(
            "ImportersTests",
            ["Importers", "Alerts", "Diagnostics", "Topology", "TopologyFormats"],
            exclude: ["Samples"]
        ),
        tests("LiveSourcesTests", ["LiveSources", "Diagnostics", "Time"], exclude: ["server.py"]),
        tests("InferenceTests", ["Inference", "Propagation", "Topology", "TopologyFormats", testSupport]),
        tests(
            "ReportsTests",
            ["Reports", "BlastRadius", "Alerts", "Diagnostics", "Diagram", "Inference", "JSON", "Time", "Topology"]
        ),
        tests(
            "WhatIfTests",
            [
                "BlastRadius", "Reports", "Alerts", "Diagnostics", "Diagram", "Inference", "JSON", "Simulation", "Time",
                "Topology",
            ]
        ),
        tests(
            "BlastRadiusTests",
            ["BlastRadius", "Alerts", "Diagnostics", "Inference", "Time", "Topology", "TopologyFormats", testSupport]
        ),
        // The built command, as its users run it.
        tests(
            "CommandTests",
            [
                "blast-radius", "BlastRadius", "Alerts", "Diagnostics", "Importers", "Reports", "TopologyFormats",
                testSupport,
            ],
            exclude: ["Scenarios"]
        ),
    ]
)

// The fuzzers need a toolchain with libFuzzer, and no other build needs them: see the Makefile.
if Context.environment["FUZZING"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz-parsers",
            dependencies: [
                "Alerts", "BlastRadius", "Diagnostics", "Importers", "Reports", "Topology", "TopologyFormats",
            ],
            path: "Tests/Fuzzing",
            exclude: ["Regressions", "commands.py", "extremes.py", "seeds.py"],
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]
        )
    )
}
