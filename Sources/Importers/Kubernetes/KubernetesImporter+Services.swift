internal import Diagnostics

extension KubernetesImporter {
    /// Makes every service an entity that needs the workloads behind it.
    mutating func addServices() {
        for service in objects[.service] {
            let entity = service.key.entity
            table.declare(entity, at: service.location)
            addAddresses(of: service)
            if let host = service.spec?["externalName"]?.text, !host.isEmpty {
                table.need(entity, "external/\(host)", at: service.location)
                table.alias(host, of: "external/\(host)", rank: 1)
                continue
            }
            let labels = service.spec?["selector"]?.texts ?? [:]
            guard !labels.isEmpty else {
                tally.count(
                    "no-selector",
                    "a service without a selector, whose endpoints are not known",
                    example: service.title,
                    at: service.location
                )
                continue
            }
            // A service that picks one pod of a stateful set by name means that pod.
            if let name = labels["statefulset.kubernetes.io/pod-name"] {
                let pod = KubernetesObject.Key(sort: .pod, namespace: service.namespace, name: name)
                table.need(entity, pod.entity, at: service.location)
                continue
            }
            let workloads = selected(by: LabelSelector(labels: labels), in: service.namespace)
            table.need(entity, minimum: nil, of: workloads, at: service.location)
            if workloads.isEmpty {
                tally.count(
                    "selects-nothing",
                    "a service that selects no pod",
                    example: service.title,
                    at: service.location
                )
            }
        }
    }

    private mutating func addAddresses(of service: KubernetesObject) {
        let entity = service.key.entity
        var addresses = [service.spec?["clusterIP"], service.spec?["loadBalancerIP"]].compactMap { $0?.text }
        addresses += service.spec?["externalIPs"]?.elements.compactMap(\.text) ?? []
        for ingress in service.status?["loadBalancer", "ingress"]?.elements ?? [] {
            addresses += [ingress["ip"], ingress["hostname"]].compactMap { $0?.text }
        }
        for address in Set(addresses) where address != "None" { table.alias(address, of: entity, rank: 1) }
    }

    /// Makes every ingress an entity: it needs its only backend, and is degraded without one of several.
    mutating func addIngresses() {
        for ingress in objects[.ingress] {
            let entity = ingress.key.entity
            table.declare(entity, at: ingress.location)
            var backends: Set<String> = []
            func add(_ backend: ImportValue?) {
                guard let name = backend?["service", "name"]?.text ?? backend?["serviceName"]?.text else { return }
                let key = KubernetesObject.Key(sort: .service, namespace: ingress.namespace, name: name)
                backends.insert(key.entity)
            }
            add(ingress.spec?["defaultBackend"])
            for rule in ingress.spec?["rules"]?.elements ?? [] {
                if let host = rule["host"]?.text { table.alias(host, of: entity, rank: 2) }
                for path in rule["http", "paths"]?.elements ?? [] { add(path["backend"]) }
            }
            for backend in backends {
                table.need(entity, backend, isWeak: backends.count > 1, at: ingress.location)
            }
        }
    }
}
