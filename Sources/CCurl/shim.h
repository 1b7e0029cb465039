// libcurl, loaded when the first request is made. To link it would cost every run of the command, most of which ask
// nobody, the 15 ms that the loader takes for it and its two dozen libraries.
//
// The types and constants are those of the installed headers; libcurl's binary interface has been the same since 2006.

#ifndef BLAST_RADIUS_CCURL_SHIM_H
#define BLAST_RADIUS_CCURL_SHIM_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>

/// `CURLOPT_QUICK_EXIT`, which headers before 7.87 do not have and older libraries ignore: a name that is still being looked
/// up when the time is over is not waited for.
static const CURLoption br_curl_quick_exit = (CURLoption)322;

/// The functions that are used, by their names without `curl_`.
struct br_curl {
    __typeof__(&curl_global_init) global_init;
    __typeof__(&curl_version) version;
    __typeof__(&curl_getdate) getdate;
    __typeof__(&curl_easy_init) easy_init;
    __typeof__(&curl_easy_setopt) easy_setopt;
    __typeof__(&curl_easy_getinfo) easy_getinfo;
    __typeof__(&curl_easy_strerror) easy_strerror;
    __typeof__(&curl_easy_cleanup) easy_cleanup;
    __typeof__(&curl_multi_init) multi_init;
    __typeof__(&curl_multi_add_handle) multi_add_handle;
    __typeof__(&curl_multi_remove_handle) multi_remove_handle;
    __typeof__(&curl_multi_perform) multi_perform;
    __typeof__(&curl_multi_poll) multi_poll;
    __typeof__(&curl_multi_info_read) multi_info_read;
    __typeof__(&curl_multi_cleanup) multi_cleanup;
    __typeof__(&curl_slist_append) slist_append;
    __typeof__(&curl_slist_free_all) slist_free_all;
};

/// Loads libcurl and makes it ready; false when it is not installed, or too old (before 7.66).
static inline bool br_curl_load(struct br_curl *curl) {
    static const char *const names[] = {
        "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl-nss.so.4", "libcurl.4.dylib",
    };
    void *library = NULL;
    for (size_t i = 0; !library && i < sizeof names / sizeof *names; i++) library = dlopen(names[i], RTLD_LAZY);
    if (!library) return false;
#define BR_LOAD(name) *(void **)&curl->name = dlsym(library, "curl_" #name); if (!curl->name) return false
    BR_LOAD(global_init);
    BR_LOAD(version);
    BR_LOAD(getdate);
    BR_LOAD(easy_init);
    BR_LOAD(easy_setopt);
    BR_LOAD(easy_getinfo);
    BR_LOAD(easy_strerror);
    BR_LOAD(easy_cleanup);
    BR_LOAD(multi_init);
    BR_LOAD(multi_add_handle);
    BR_LOAD(multi_remove_handle);
    BR_LOAD(multi_perform);
    BR_LOAD(multi_poll);
    BR_LOAD(multi_info_read);
    BR_LOAD(multi_cleanup);
    BR_LOAD(slist_append);
    BR_LOAD(slist_free_all);
#undef BR_LOAD
    return curl->global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

// Swift cannot call functions with a variable number of arguments: one for each type of argument.

static inline void br_curl_set_number(const struct br_curl *curl, CURL *handle, CURLoption option, long value) {
    curl->easy_setopt(handle, option, value);
}

static inline void br_curl_set_text(const struct br_curl *curl, CURL *handle, CURLoption option, const char *value) {
    curl->easy_setopt(handle, option, value);
}

static inline void br_curl_set_pointer(const struct br_curl *curl, CURL *handle, CURLoption option, void *value) {
    curl->easy_setopt(handle, option, value);
}

typedef size_t (*br_curl_receiver)(char *bytes, size_t size, size_t count, void *context);

static inline void br_curl_set_receiver(
    const struct br_curl *curl, CURL *handle, CURLoption option, br_curl_receiver value
) {
    curl->easy_setopt(handle, option, value);
}

static inline long br_curl_number(const struct br_curl *curl, CURL *handle, CURLINFO information) {
    long value = 0;
    curl->easy_getinfo(handle, information, &value);
    return value;
}

static inline long long br_curl_time(const struct br_curl *curl, CURL *handle, CURLINFO information) {
    curl_off_t value = 0;
    curl->easy_getinfo(handle, information, &value);
    return value;
}

/// Valid until the handle is used again; NULL when there is none.
static inline const char *br_curl_text(const struct br_curl *curl, CURL *handle, CURLINFO information) {
    char *value = NULL;
    curl->easy_getinfo(handle, information, &value);
    return value;
}

/// What a message says of the end of a transfer; Swift does not see the members of the union.
static inline CURLcode br_curl_result(const CURLMsg *message) { return message->data.result; }

#endif
