// What Swift needs of Graphviz and of the system and cannot take from the headers as they are: C globals, macros,
// `char *` parameters that are not written to, and the plugin tables.

#ifndef BLAST_RADIUS_CGRAPHVIZ_SHIM_H
#define BLAST_RADIUS_CGRAPHVIZ_SHIM_H

#include <graphviz/gvc.h>
#include <graphviz/gvplugin.h>
#include <graphviz/gvplugin_textlayout.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

// MARK: Graphs

/// Names in the order in which they were first used; the order gives the ids.
///
/// Graphviz's own ids are addresses, and it visits subgraphs in the order of their ids: the same graph would be laid out
/// differently from one run to the next.
struct br_names {
    char **names;
    IDTYPE count, capacity, anonymous;
};

static void *br_names_open(Agraph_t *graph, Agdisc_t *discipline) {
    (void)graph, (void)discipline;
    return calloc(1, sizeof(struct br_names));
}

/// Names get even ids from 2, nameless objects odd ones. Looking up is linear from the end: each name is used at once.
static long br_names_map(void *state, int kind, char *name, IDTYPE *id, int create) {
    (void)kind;
    struct br_names *names = (struct br_names *)state;
    if (!name) {
        *id = 2 * names->anonymous++ + 1;
        return 1;
    }
    for (IDTYPE i = names->count; i > 0; i--) {
        if (strcmp(names->names[i - 1], name) == 0) {
            *id = 2 * i;
            return 1;
        }
    }
    if (!create) return 0;
    if (names->count == names->capacity) {
        IDTYPE capacity = names->capacity ? 2 * names->capacity : 64;
        char **larger = (char **)realloc(names->names, capacity * sizeof(char *));
        if (!larger) return 0;
        names->names = larger;
        names->capacity = capacity;
    }
    char *copy = strdup(name);
    if (!copy) return 0;
    names->names[names->count++] = copy;
    *id = 2 * names->count;
    return 1;
}

static long br_names_alloc(void *state, int kind, IDTYPE id) {
    (void)state, (void)kind, (void)id;
    return 0;
}

static void br_names_free(void *state, int kind, IDTYPE id) { (void)state, (void)kind, (void)id; }

static char *br_names_print(void *state, int kind, IDTYPE id) {
    (void)kind;
    struct br_names *names = (struct br_names *)state;
    return id % 2 == 0 && id / 2 >= 1 && id / 2 <= names->count ? names->names[id / 2 - 1] : NULL;
}

static void br_names_close(void *state) {
    struct br_names *names = (struct br_names *)state;
    for (IDTYPE i = 0; i < names->count; i++) free(names->names[i]);
    free(names->names);
    free(names);
}

static void br_names_register(void *state, int kind, void *object) { (void)state, (void)kind, (void)object; }

static inline Agraph_t *_Nullable br_open(const char *_Nonnull name) {
    static Agiddisc_t ids;
    static Agdisc_t discipline;
    ids.open = br_names_open;
    ids.map = br_names_map;
    ids.alloc = br_names_alloc;
    ids.free = br_names_free;
    ids.print = br_names_print;
    ids.close = br_names_close;
    ids.idregister = br_names_register;
    discipline.mem = &AgMemDisc;
    discipline.id = &ids;
    discipline.io = &AgIoDisc;
    return agopen((char *)name, Agdirected, &discipline);
}

static inline Agraph_t *_Nullable br_subgraph(Agraph_t *_Nonnull graph, const char *_Nonnull name) {
    return agsubg(graph, (char *)name, 1);
}

static inline Agnode_t *_Nullable br_node(Agraph_t *_Nonnull graph, const char *_Nonnull name) {
    return agnode(graph, (char *)name, 1);
}

static inline Agedge_t *_Nullable br_edge(
    Agraph_t *_Nonnull graph, Agnode_t *_Nonnull tail, Agnode_t *_Nonnull head) {
    return agedge(graph, tail, head, NULL, 1);
}

/// Declares an attribute of all graphs (0), nodes (1) or edges (2) with its default.
static inline void br_declare(
    Agraph_t *_Nonnull root, int kind, const char *_Nonnull name, const char *_Nonnull value) {
    agattr(root, kind == 0 ? AGRAPH : kind == 1 ? AGNODE : AGEDGE, (char *)name, (char *)value);
}

static inline void br_set(void *_Nonnull object, const char *_Nonnull name, const char *_Nonnull value) {
    agsafeset(object, (char *)name, (char *)value, "");
}

/// Sets an HTML-like value. The string must be interned as HTML first, and the attribute keeps that copy.
static inline void br_set_html(void *_Nonnull object, const char *_Nonnull name, const char *_Nonnull value) {
    Agraph_t *graph = agraphof(object);
    char *html = agstrdup_html(graph, (char *)value);
    agsafeset(object, (char *)name, html, "");
    agstrfree(graph, html);
}

// MARK: A context without the plugin scan

/// The width of a text in points, given its size and whether it is bold.
typedef double (*br_measure_fn)(const char *_Nullable text, double size, int isBold);

static inline br_measure_fn _Nullable *_Nonnull br_measure(void) {
    static br_measure_fn measure;
    return &measure;
}

static int br_textlayout(textspan_t *_Nonnull span, char *_Nullable *_Nullable fontpath) {
    (void)fontpath;
    double size = span->font->size;
    span->size.x = (*br_measure())(span->str, size, (span->font->flags & HTML_BF) != 0);
    span->size.y = size * 1.2;
    span->yoffset_layout = 0;
    span->yoffset_centerline = 0.1 * size;
    span->layout = NULL;
    span->free_layout = NULL;
    return 1;
}

/// A context that knows the given plugin libraries and measures text with `measure`, and nothing else: no plugin
/// directory is read, no font library loaded.
static inline GVC_t *_Nullable br_context(
    const void *_Nonnull const *_Nonnull libraries, int count, br_measure_fn _Nonnull measure) {
    static gvtextlayout_engine_t engine;
    static gvplugin_installed_t types[2];
    static gvplugin_api_t apis[2];
    static gvplugin_library_t library;
    static lt_symlist_t builtins[8];
    *br_measure() = measure;
    void *function = (void *)br_textlayout;
    memcpy(&engine.textlayout, &function, sizeof function);
    types[0].type = "textlayout";
    types[0].quality = 100;
    types[0].engine = &engine;
    apis[0].api = API_textlayout;
    apis[0].types = types;
    library.packagename = "measured";
    library.apis = apis;
    memset(builtins, 0, sizeof builtins);
    builtins[0].name = "gvplugin_measured_LTX_library";
    builtins[0].address = &library;
    for (int i = 0; i < count && i < 6; i++) {
        builtins[i + 1].name = "gvplugin_other_LTX_library";
        builtins[i + 1].address = (void *)libraries[i];
    }
    return gvContextPlugins(builtins, 0);
}

/// `dladdr`, which the system's headers declare only to those who define `_GNU_SOURCE` before anyone includes them.
struct br_dl_info {
    const char *_Nullable file;
    void *_Nullable base;
    const char *_Nullable symbol;
    void *_Nullable address;
};
#ifdef __APPLE__
extern int br_dladdr(const void *_Nonnull, struct br_dl_info *_Nonnull) __asm__("_dladdr");
#else
extern int br_dladdr(const void *_Nonnull, struct br_dl_info *_Nonnull) __asm__("dladdr");
#endif

/// The path of the Graphviz library itself, beside which its plugins lie.
static inline const char *_Nullable br_library_path(void) {
    struct br_dl_info info;
    return br_dladdr((const void *)gvContext, &info) ? info.file : NULL;
}

// MARK: Processes

static inline pid_t br_fork(void) { return fork(); }

static inline void br_limit(long seconds, long bytes) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (seconds > 0) {
        struct rlimit time = {(rlim_t)seconds, (rlim_t)seconds + 1};
        setrlimit(RLIMIT_CPU, &time);
    }
    if (bytes > 0) {
        struct rlimit memory = {(rlim_t)bytes, (rlim_t)bytes};
        setrlimit(RLIMIT_AS, &memory);
    }
}

/// The signal that ended a process, or 0.
static inline int br_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

static inline int br_exit_code(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

#endif
