import LiveSources
import Testing

@Suite("Addresses")
struct WebAddressTests {
    @Test(arguments: [
        ("http://am:9093", "http://am:9093"),
        ("http://am:9093/", "http://am:9093"),
        ("https://am.example.com/alertmanager/", "https://am.example.com/alertmanager"),
        ("HTTPS://AM.example.com:443", "https://am.example.com"),
        ("http://[::1]:9093", "http://[::1]:9093"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://am:9093/a%20b", "http://am:9093/a%20b"),
    ])
    func `what is an address`(_ text: String, _ description: String) throws {
        #expect(try "\(WebAddress(text))" == description)
    }

    @Test(arguments: [
        "am:9093", "ftp://am", "http:/am", "http://", "http:///alerts", "http://am:0", "http://am:65536", "http://am:x",
        "http://am:", "http://a m", "http://[::1", "http://[am]", "http://am?x=1", "http://am/#x", "http://am/a b",
        "http://am\\evil/", "http://\u{e9}", "file:///etc/passwd", "",
    ])
    func `what is none`(_ text: String) {
        #expect { try WebAddress(text) } throws: { "\($0)".contains("[wrong-address]") && "\($0)".contains("fix: ") }
    }

    @Test(arguments: ["http://u:hunter2@am:9093", "http://hunter2@am", "http://u:hunter2@am?x", "https://:hunter2@"])
    func `a password in it is refused and not repeated`(_ text: String) {
        #expect { try WebAddress(text) } throws: { error in
            !"\(error)".contains("hunter2") && "\(error)".contains("--basic-auth-file")
        }
    }

    @Test(arguments: [
        ("http://am:9093", true), ("https://am", false), ("http://localhost:9093", false),
        ("http://127.0.0.1:1", false),
        ("http://[::1]", false),
    ])
    func `who can read what is sent`(_ text: String, _ isOpen: Bool) throws {
        #expect(try WebAddress(text).isOpenToOthers == isOpen)
    }
}
