// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "blast-radius", path: "..")],
    targets: [
        .executableTarget(
            name: "solve-instance",
            dependencies: [.product(name: "BlastRadius", package: "blast-radius")],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
        ),
        .executableTarget(
            name: "generate-platform",
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
        ),
        .executableTarget(
            name: "stages",
            dependencies: [.product(name: "BlastRadius", package: "blast-radius")],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
        ),
        .executableTarget(
            name: "simulate-graph",
            dependencies: [.product(name: "BlastRadius", package: "blast-radius")],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
        ),
    ]
)
