import Diagnostics
import Importers
import Testing
import Topology

/// Backstage catalogs.
@Suite struct CatalogTests {
    private let catalog = """
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata: {name: Web, title: The web shop, tags: [go]}
        spec:
          type: website
          owner: group:default/team-a
          system: shop
          dependsOn: ['resource:orders-db', 'Component:bank/pay']
          consumesApis: [cart]
        ---
        kind: Component
        metadata: {name: cart-service}
        spec: {providesApis: [cart], subcomponentOf: web, dependencyOf: ['component:default/web']}
        ---
        kind: API
        metadata: {name: cart}
        spec: {owner: team-b}
        ---
        kind: Resource
        metadata: {name: orders-db}
        spec: {type: database}
        ---
        kind: Group
        metadata: {name: team-a}
        """

    @Test func relationsBecomeNeeds() throws {
        let (entities, notes) = try imported(catalog, as: .backstage)
        // Names are compared without regard to case; a resource is of the kind that its type names.
        #expect(
            entities["component/web"]?.writtenNeeds == [
                "api/cart", "component/bank/pay", "component/cart-service", "database/orders-db",
            ]
        )
        #expect(entities["component/web"]?.label == "The web shop")
        #expect(entities["component/web"]?.owner == "team-a")
        #expect(entities["component/web"]?.tags == ["go"])
        #expect(entities["api/cart"]?.writtenNeeds == ["component/cart-service"])
        #expect(entities["system/shop"]?.writtenNeeds == ["weak component/web"])
        #expect(notes == ["not-imported", "not-in-input"])
    }

    /// The answer of the catalog's API is an array of the same entities.
    @Test func theCatalogsAPIIsReadToo() throws {
        let (entities, _) = try imported(
            "[{\"kind\":\"Component\",\"metadata\":{\"name\":\"a\"},\"spec\":{\"dependsOn\":[\"component:b\"]}}]",
            as: .backstage
        )
        #expect(entities["component/a"]?.writtenNeeds == ["component/b"])
    }

    @Test func badInputIsLocated() {
        #expect(findings("kind: Component\nmetadata: {}\n", as: .backstage) == ["wrong-shape 1:1"])
        #expect(findings("kind: API\nmetadata: {name: a}\n---\n- 1\n", as: .backstage) == ["wrong-shape 4:3"])
    }
}

/// Compose files.
@Suite struct ComposeTests {
    private let project = """
        name: shop
        services:
          web:
            container_name: shop-web
            depends_on: [db]
            volumes: ['data:/data', './conf:/conf']
          worker:
            network_mode: service:web
            depends_on:
              db: {condition: service_healthy}
              migrate: {condition: service_completed_successfully}
            volumes: [{type: volume, source: data}]
          migrate: {links: ['db:database']}
          db: {depends_on: [cache]}
        volumes: {data: }
        """

    @Test func startOrderIsWeakAndSharingIsNot() throws {
        let (entities, notes) = try imported(project, as: .compose)
        #expect(entities["service/shop/web"]?.writtenNeeds == ["volume/shop/data", "weak service/shop/db"])
        #expect(entities["service/shop/web"]?.aliases == ["shop-web"])
        #expect(
            entities["service/shop/worker"]?.writtenNeeds == [
                "service/shop/web", "volume/shop/data", "weak service/shop/db",
            ]
        )
        #expect(entities["service/shop/migrate"]?.writtenNeeds == ["service/shop/db"])
        // The cache is no service of the files, and a migration that has run is not needed any more.
        #expect(entities["service/shop/db"]?.needs.isEmpty == true)
        #expect(notes == ["not-in-input", "runs-once"])
    }

    @Test func severalFilesAreOneProject() throws {
        let (entities, _) = try imported(
            "services: {web: {depends_on: [db]}}\n---\nservices: {db: {}, web: {hostname: www}}\n",
            as: .compose
        )
        #expect(entities["service/web"]?.writtenNeeds == ["weak service/db"])
        #expect(entities["service/web"]?.aliases == ["www"])
    }

    @Test func badInputIsLocated() {
        #expect(findings("a: 1\n", as: .compose) == ["wrong-shape 1:1"])
        #expect(findings("services: [web]\n", as: .compose) == ["wrong-shape 1:1"])
    }
}
