internal import Diagnostics

extension KubernetesImporter {
    /// Makes every service an entity that needs the workloads behind it.
    mutating func addServices() {
        let slices = slicesByService()
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
                addEndpoints(of: service, slices[entity] ?? [])
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

    /// The slices of each service, by its entity.
    private func slicesByService() -> [String: [KubernetesObject]] {
        var slices: [String: [KubernetesObject]] = [:]
        for slice in objects[.endpointSlice] {
            guard let name = slice.labels["kubernetes.io/service-name"] else { continue }
            slices[self.service(name, slice.namespace), default: []].append(slice)
        }
        return slices
    }

    /// Lets a service without a selector need any of the things at its endpoints, as slices or the older endpoints say.
    private mutating func addEndpoints(of service: KubernetesObject, _ slices: [KubernetesObject]) {
        var behind: Set<String> = []
        for endpoint in slices.flatMap({ $0.value["endpoints"]?.elements ?? [] }) {
            let addresses = endpoint["addresses"]?.elements.compactMap(\.text) ?? []
            behind.formUnion(addresses.map { thing(at: $0, endpoint["targetRef"], in: service.namespace) })
        }
        let key = KubernetesObject.Key(sort: .endpoints, namespace: service.namespace, name: service.name)
        for subset in slices.isEmpty ? objects[key]?.value["subsets"]?.elements ?? [] : [] {
            for address in (subset["addresses"]?.elements ?? []) + (subset["notReadyAddresses"]?.elements ?? []) {
                guard let text = address["ip"]?.text else { continue }
                behind.insert(thing(at: text, address["targetRef"], in: service.namespace))
            }
        }
        table.need(service.key.entity, minimum: nil, of: behind, at: service.location)
        if behind.isEmpty {
            tally.count(
                "no-selector",
                "a service without a selector, whose endpoints are not known",
                example: service.title,
                at: service.location
            )
        }
    }

    /// What an endpoint is: the workload of its pod, a node, or something outside of the cluster.
    private mutating func thing(at address: String, _ target: ImportValue?, in namespace: String) -> String {
        if target?["kind"]?.text == "Pod", let name = target?["name"]?.text {
            let space = target?["namespace"]?.text ?? namespace
            let pod = KubernetesObject.Key(sort: .pod, namespace: space, name: name).entity
            return wholes[pod] ?? pod
        }
        if let pod = podsByAddress[address] { return wholes[pod] ?? pod }
        if let entity = table.entity(aliased: address), entity.hasPrefix("node/") { return entity }
        let outside = "external/\(address)"
        table.alias(address, of: outside, rank: 1)
        return outside
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

    // MARK: Ways in

    /// Makes every ingress an entity, and OpenShift's routes.
    mutating func addIngresses() {
        for ingress in objects[.ingress] {
            var backends: Set<String> = []
            func add(_ backend: ImportValue?) {
                guard let name = backend?["service", "name"]?.text ?? backend?["serviceName"]?.text else { return }
                backends.insert(service(name, ingress.namespace))
            }
            add(ingress.spec?["defaultBackend"] ?? ingress.spec?["backend"])
            var hosts: [String] = []
            for rule in ingress.spec?["rules"]?.elements ?? [] {
                hosts += [rule["host"]?.text].compactMap { $0 }
                for path in rule["http", "paths"]?.elements ?? [] { add(path["backend"]) }
            }
            addRoute(ingress, hosts: hosts, backends: backends)
        }
        for route in objects[.route] {
            let targets = [route.spec?["to"]].compactMap { $0 } + (route.spec?["alternateBackends"]?.elements ?? [])
            let backends = targets.compactMap { $0["name"]?.text }.map { service($0, route.namespace) }
            addRoute(route, hosts: [route.spec?["host"]?.text].compactMap { $0 }, backends: Set(backends))
        }
    }

    /// Makes gateways and their routes entities: a route needs its gateway, or any of several, and its backends.
    mutating func addGateways() {
        for gateway in objects[.gateway] {
            let entity = gateway.key.entity
            table.declare(entity, at: gateway.location)
            for address in gateway.status?["addresses"]?.elements ?? [] {
                if let text = address["value"]?.text { table.alias(text, of: entity, rank: 1) }
            }
        }
        for route in KubernetesObject.Sort.gatewayRoutes.flatMap({ objects[$0] }) {
            let references = route.spec?["rules"]?.elements.flatMap { $0["backendRefs"]?.elements ?? [] } ?? []
            let backends = references.compactMap { backend -> String? in
                guard backend["kind"]?.text ?? "Service" == "Service", let name = backend["name"]?.text else {
                    return nil
                }
                return service(name, backend["namespace"]?.text ?? route.namespace)
            }
            let hosts = route.spec?["hostnames"]?.elements.compactMap(\.text) ?? []
            addRoute(route, hosts: hosts, backends: Set(backends))
            let parents = route.spec?["parentRefs"]?.elements.compactMap { parent -> String? in
                guard parent["kind"]?.text ?? "Gateway" == "Gateway", let name = parent["name"]?.text else {
                    return nil
                }
                let space = parent["namespace"]?.text ?? route.namespace
                return KubernetesObject.Key(sort: .gateway, namespace: space, name: name).entity
            }
            table.need(route.key.entity, minimum: nil, of: parents ?? [], at: route.location)
        }
    }

    private func service(_ name: String, _ namespace: String) -> String {
        KubernetesObject.Key(sort: .service, namespace: namespace, name: name).entity
    }

    /// A way in needs its only backend, and is degraded without one of several.
    private mutating func addRoute(_ route: KubernetesObject, hosts: [String], backends: Set<String>) {
        let entity = route.key.entity
        table.declare(entity, at: route.location)
        for host in hosts { table.alias(host, of: entity, rank: 2) }
        for backend in backends { table.need(entity, backend, isWeak: backends.count > 1, at: route.location) }
    }
}
