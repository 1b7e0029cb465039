internal import CCurl

/// The functions of libcurl, loaded once.
///
/// Unchecked: they never change after loading.
struct Curl: @unchecked Sendable {
    let functions: br_curl

    /// Nil when libcurl is not installed.
    static let shared: Curl? = {
        var functions = br_curl()
        return br_curl_load(&functions) ? Curl(functions: functions) : nil
    }()

    typealias Handle = UnsafeMutableRawPointer

    func set(_ handle: Handle, _ option: CURLoption, _ value: Int) {
        withUnsafePointer(to: functions) { br_curl_set_number($0, handle, option, value) }
    }

    func set(_ handle: Handle, _ option: CURLoption, _ value: String) {
        withUnsafePointer(to: functions) { br_curl_set_text($0, handle, option, value) }
    }

    func set(_ handle: Handle, _ option: CURLoption, pointer: UnsafeMutableRawPointer?) {
        withUnsafePointer(to: functions) { br_curl_set_pointer($0, handle, option, pointer) }
    }

    func set(_ handle: Handle, _ option: CURLoption, receiver: @escaping br_curl_receiver) {
        withUnsafePointer(to: functions) { br_curl_set_receiver($0, handle, option, receiver) }
    }

    func number(_ handle: Handle, _ information: CURLINFO) -> Int {
        withUnsafePointer(to: functions) { br_curl_number($0, handle, information) }
    }

    /// In microseconds.
    func time(_ handle: Handle, _ information: CURLINFO) -> Int64 {
        withUnsafePointer(to: functions) { br_curl_time($0, handle, information) }
    }

    func text(_ handle: Handle, _ information: CURLINFO) -> String? {
        withUnsafePointer(to: functions) { br_curl_text($0, handle, information) }.map { String(cString: $0) }
    }

    func text(of code: CURLcode) -> String {
        functions.easy_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
    }
}

/// Runs transfers side by side until each has its outcome.
struct TransferLoop {
    private let curl: Curl
    private let transfers: [Transfer]

    init(_ curl: Curl, _ transfers: [Transfer]) {
        self.curl = curl
        self.transfers = transfers
    }

    func run(_ isCancelled: () -> Bool) {
        guard let multi = curl.functions.multi_init() else { return }
        defer { _ = curl.functions.multi_cleanup(multi) }
        var running: [Curl.Handle: Transfer] = [:]
        for transfer in transfers {
            guard let handle = transfer.handle else { continue }
            running[handle] = transfer
            _ = curl.functions.multi_add_handle(multi, handle)
        }
        while !running.isEmpty, !isCancelled() {
            var count: Int32 = 0
            guard curl.functions.multi_perform(multi, &count) == CURLM_OK else { break }
            var left: Int32 = 0
            while let message = curl.functions.multi_info_read(multi, &left) {
                guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                    let transfer = running[handle]
                else { continue }
                // The message is gone once its handle is removed.
                let code = br_curl_result(message)
                _ = curl.functions.multi_remove_handle(multi, handle)
                if transfer.finish(code) {
                    running[handle] = nil
                } else {
                    _ = curl.functions.multi_add_handle(multi, handle)
                }
            }
            if !running.isEmpty { _ = curl.functions.multi_poll(multi, nil, 0, 100, &count) }
        }
        for handle in running.keys { _ = curl.functions.multi_remove_handle(multi, handle) }
    }
}
