// What reading a topology costs at least: simdjson, and each name of an entity and of what it needs looked up in a table.
//
//     g++ -O3 -march=native -o rival-json rival-json.cpp $(pkg-config --cflags --libs simdjson) && ./rival-json topology.json
//
// Prints the CPU seconds of parsing, and of parsing and interning together. The table is open addressing over views of the
// text: nothing is copied, checked or kept but a number for each name.
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string_view>
#include <vector>
#include <simdjson.h>

static double cpu() {
    timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

struct Names {
    struct Slot { std::string_view name; uint32_t hash = 0; int32_t number = -1; };
    std::vector<Slot> slots = std::vector<Slot>(1 << 21);
    int32_t count = 0;

    static uint64_t hash(std::string_view name) {
        uint64_t hash = name.size() * 0xE7037ED1A0B428DBull, word;
        size_t index = 0;
        auto mix = [&](uint64_t word) {
            __uint128_t product = (__uint128_t)(hash ^ word) * 0xA0761D6478BD642Full;
            hash = (uint64_t)(product >> 64) ^ (uint64_t)product;
        };
        for (; index + 8 <= name.size(); index += 8) { memcpy(&word, name.data() + index, 8); mix(word); }
        word = 0;
        memcpy(&word, name.data() + index, name.size() - index);
        mix(word);
        return hash;
    }

    int32_t number(std::string_view name) {
        uint64_t h = hash(name);
        size_t mask = slots.size() - 1, place = h & mask;
        while (slots[place].number >= 0) {
            if (slots[place].hash == (uint32_t)(h >> 32) && slots[place].name == name) return slots[place].number;
            place = (place + 1) & mask;
        }
        slots[place] = {name, (uint32_t)(h >> 32), count++};
        if ((size_t)count * 2 > slots.size()) grow();
        return count - 1;
    }

    void grow() {
        std::vector<Slot> old(slots.size() * 2);
        old.swap(slots);
        for (auto &slot : old) {
            if (slot.number < 0) continue;
            size_t mask = slots.size() - 1, place = hash(slot.name) & mask;
            while (slots[place].number >= 0) place = (place + 1) & mask;
            slots[place] = slot;
        }
    }
};

static void intern(simdjson::dom::element value, Names &names, std::vector<int32_t> &found) {
    if (value.is_string()) {
        found.push_back(names.number(value.get_string()));
    } else if (value.is_array()) {
        simdjson::dom::array items = value.get_array();
        for (auto item : items) intern(item, names, found);
    } else if (value.is_object()) {
        simdjson::dom::object members = value.get_object();
        for (auto member : members) intern(member.value, names, found);
    }
}

int main(int count, char **arguments) {
    if (count != 2) return 64;
    simdjson::padded_string text;
    if (simdjson::padded_string::load(arguments[1]).get(text)) return 1;
    simdjson::dom::parser parser;
    double start = cpu();
    simdjson::dom::element document;
    if (parser.parse(text).get(document)) return 1;
    printf("simdjson topology\t%.4f\n", cpu() - start);
    Names names;
    std::vector<int32_t> found;
    simdjson::dom::object entities = document["entities"];
    for (auto entity : entities) {
        found.push_back(names.number(entity.key));
        intern(entity.value, names, found);
    }
    printf("simdjson and interning\t%.4f\n", cpu() - start);
    fprintf(stderr, "%d names, %zu mentions\n", names.count, found.size());
}
