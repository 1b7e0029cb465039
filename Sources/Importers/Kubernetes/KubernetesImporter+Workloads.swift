internal import Diagnostics

extension KubernetesImporter {
    // MARK: Workloads

    /// Makes every workload an entity that needs its pods, as many as its disruption budget wants.
    mutating func addWorkloads() {
        let budgets = budgetsByWorkload()
        for sort in KubernetesObject.Sort.workloads + [.postgresCluster] {
            for workload in objects[sort] where isOwnEntity(workload) {
                let entity = workload.key.entity
                table.declare(entity, at: workload.location)
                if sort == .cronJob || podsByWorkload[entity] == nil {
                    for claim in workload.claims { table.need(entity, claim.entity, at: workload.location) }
                }
            }
        }
        for (entity, pods) in podsByWorkload {
            guard let first = pods.first, let key = first.workload, key.sort != .cronJob else {
                // The pods of a cron job come and go; it needs none of them.
                if let first = pods.first { table.declare(entity, at: first.object.location) }
                continue
            }
            table.need(
                entity,
                minimum: budgets[entity]?.minimum(of: pods.count, wanted: objects[key]?.spec?["replicas"]?.integer),
                of: pods.map(\.entity),
                at: objects[key]?.location ?? first.object.location
            )
        }
    }

    /// Whether a job is more than one run of something else, and has not ended.
    private mutating func isOwnEntity(_ workload: KubernetesObject) -> Bool {
        guard workload.sort == .job else { return true }
        if workload.controller != nil { return false }
        let hasEnded =
            workload.status?["completionTime"] != nil
            || workload.status?["conditions"]?.elements.contains {
                $0["type"]?.text == "Complete" && $0["status"]?.text == "True"
            } == true
        if hasEnded {
            tally.count("finished-job", "a job that has ended", example: workload.title, at: workload.location)
        }
        return !hasEnded
    }

    // MARK: Selecting pods

    /// The workloads, and pods that stand alone, whose pods a selector means.
    ///
    /// A workload that has no pod is judged by its template.
    func selected(by selector: LabelSelector, in namespace: String) -> Set<String> {
        var found: Set<String> = []
        for pod in podsByNamespace[namespace] ?? [] where selector.matches(pod.object.labels) {
            found.insert(pod.workload?.entity ?? pod.entity)
        }
        for template in templatesByNamespace[namespace] ?? [] where selector.matches(template.labels) {
            found.insert(template.entity)
        }
        return found
    }

    // MARK: Disruption budgets

    private func budgetsByWorkload() -> [String: DisruptionBudget] {
        var budgets: [String: DisruptionBudget] = [:]
        for object in objects[.disruptionBudget] {
            let workloads = selectedByBudget(object)
            // A budget over several workloads says nothing about any one of them.
            guard workloads.count == 1, let workload = workloads.first else { continue }
            // Nor does one over some of its pods, such as a database's primary, about all of them.
            if let selector = object.spec?["selector"].map({ LabelSelector($0) }) {
                let pods = podsByWorkload[workload] ?? []
                guard pods.allSatisfy({ selector.matches($0.object.labels) }) else { continue }
            }
            if budgets[workload] == nil { budgets[workload] = DisruptionBudget(object) }
        }
        return budgets
    }

    private func selectedByBudget(_ object: KubernetesObject) -> Set<String> {
        guard let selector = object.spec?["selector"] else { return [] }
        return selected(by: LabelSelector(selector), in: object.namespace)
    }

    /// Budgets are entities too, for alerts that name them.
    mutating func addBudgets() {
        for object in objects[.disruptionBudget] {
            let entity = object.key.entity
            table.declare(entity, at: object.location)
            let workloads = selectedByBudget(object)
            for workload in workloads { table.need(entity, workload, at: object.location) }
            if workloads.count > 1 {
                tally.count(
                    "shared-budget",
                    "a disruption budget of several workloads, which says how many pods of none of them are enough",
                    example: object.title,
                    at: object.location
                )
            } else if workloads.isEmpty {
                tally.count(
                    "selects-nothing",
                    "a disruption budget that selects no pod",
                    example: object.title,
                    at: object.location
                )
            }
        }
    }

    mutating func addAutoscalers() {
        for object in objects[.autoscaler] {
            let entity = object.key.entity
            table.declare(entity, at: object.location)
            guard let target = object.spec?["scaleTargetRef"], let kind = target["kind"]?.text,
                let name = target["name"]?.text
            else { continue }
            let sort = KubernetesObject.Sort(apiVersion: target["apiVersion"]?.text ?? "apps/v1", kind: kind)
            let key = KubernetesObject.Key(sort: sort, namespace: object.namespace, name: name)
            table.need(entity, key.entity, at: object.location)
        }
    }

    /// What a Flux release or kustomization may have made, and has an entity.
    func ownableObjects() -> [KubernetesObject] {
        let sorts =
            KubernetesObject.Sort.workloads
            + [
                .postgresCluster, .service, .ingress, .claim, .disruptionBudget, .autoscaler, .helmRelease,
                .kustomization, .gateway, .route,
            ] + KubernetesObject.Sort.gatewayRoutes
        return sorts.flatMap { objects[$0] }.filter { table.contains($0.key.entity) }
            + pods.filter { $0.workload == nil }.map(\.object)
    }
}

/// How many pods of a workload must be up, as its owners said it to whoever drains nodes.
private struct DisruptionBudget {
    private let isMinimum: Bool
    private let amount: String

    init?(_ object: KubernetesObject) {
        if let amount = object.spec?["minAvailable"]?.text {
            (isMinimum, self.amount) = (true, amount)
        } else if let amount = object.spec?["maxUnavailable"]?.text {
            (isMinimum, self.amount) = (false, amount)
        } else {
            return nil
        }
    }

    /// Of so many pods found, where so many are wanted.
    ///
    /// Percentages are of those wanted and round up, as in Kubernetes.
    func minimum(of found: Int, wanted: Int?) -> Int? {
        let wanted = max(wanted ?? found, 0)
        guard let count = count(of: wanted) else { return nil }
        return isMinimum ? count : wanted - min(count, wanted)
    }

    private func count(of wanted: Int) -> Int? {
        guard amount.hasSuffix("%") else { return Int(amount).flatMap { $0 >= 0 ? $0 : nil } }
        guard let percent = Int(amount.dropLast()), (0...100).contains(percent), wanted < 1_000_000 else { return nil }
        return (wanted * percent + 99) / 100
    }
}
