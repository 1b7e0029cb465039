import Testing

@testable import Alerts

/// What an alert's name says of its worth, word by word.
@Suite("Symptom nature")
struct SymptomNatureTests {
    private func nature(_ name: String, metric: String? = nil) -> SymptomNature {
        SymptomNature(of: alert(metric.map { ["alertname": name, "metric": $0] } ?? ["alertname": name]))
    }

    @Test(
        arguments: [
            "HighCPUUsage", "NodeFilesystemAlmostOutOfSpace", "DiskFull", "disk_full", "LogErrors", "Log template",
            "ContainerMemoryHigh", "RAIDDegraded", "NTPOffset", "highcpu",
        ]
    )
    func `own trouble is what a thing has for itself`(_ name: String) { #expect(nature(name).isOwn) }

    @Test(
        arguments: [
            "LoginFailures", "LogonErrors", "CatalogErrors", "LogisticsApiErrors", "BacklogErrors", "DiskoErrors",
            "PaymentProcessorDown", "CloudCostHigh", "CPUQuotaSpent", "HostDown",
        ]
    )
    func `a short word within another is no sign of it`(_ name: String) { #expect(!nature(name).isOwn) }

    @Test func `a measure tells as well`() {
        #expect(nature("MetricAnomaly", metric: "docker_cpu_total_pct").isOwn)
        #expect(!nature("MetricAnomaly", metric: "latency").isOwn)
    }

    @Test(arguments: ["HostDown", "hostdown", "KubeNodeNotReady", "ContainerOOMKilled", "TargetDown"])
    func `states are reported`(_ name: String) { #expect(nature(name).isState) }

    @Test(arguments: ["Countdown Late", "ChatroomErrors", "DownloadSlow"])
    func `a state within another word is none`(_ name: String) { #expect(!nature(name).isState) }
}
