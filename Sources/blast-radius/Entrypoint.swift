import BlastRadiusCLI

@main
struct Entrypoint {
    static func main() { runBlastRadius() }
}
