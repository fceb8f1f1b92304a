/*
 * The KV cache of a conversation, kept on the device: behind wllama's action `test_backend_ops` with two arguments,
 * "save" or "restore" and the name of a file in the origin-private file system. llama.cpp's server writes and reads
 * a file in memory; what lies between the two is here.
 */
#include <emscripten.h>

#include <string>

#include "server-context.h"
#include "server-queue.h"
#include "server-task.h"

namespace {

/* wllama reads files of all other names as models (sources.patch). */
constexpr const char * IN_MEMORY = "/slot";

}  // namespace

/* Whether the file in memory could be written to disk. */
EM_ASYNC_JS(int, file_to_disk, (const char * path, const char * name), {
    let access;
    try {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("states", { create: true });
        const file = await folder.getFileHandle(UTF8ToString(name), { create: true });
        access = await file.createSyncAccessHandle();
        const { contents, usedBytes } = FS.lookupPath(UTF8ToString(path)).node;
        access.truncate(0);
        return access.write(contents.subarray(0, usedBytes), { at: 0 }) === usedBytes ? 1 : 0;
    } catch {
        return 0;
    } finally {
        access?.close();
    }
});

EM_ASYNC_JS(int, file_from_disk, (const char * path, const char * name), {
    try {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("states");
        const file = await (await folder.getFileHandle(UTF8ToString(name))).getFile();
        FS.writeFile(UTF8ToString(path), new Uint8Array(await file.arrayBuffer()), { canOwn: true });
        return 1;
    } catch {
        return 0;
    }
});

EM_JS(void, remove_file, (const char * path), {
    try {
        FS.unlink(UTF8ToString(path));
    } catch {
        return;
    }
});

/* Saves the tokens and the KV cache of the only slot as `name`, or restores them. Returns how many tokens; -1: none. */
int move_slot(server_context & server, bool save, const char * name) {
    if (!save && file_from_disk(IN_MEMORY, name) == 0) return -1;
    server_response_reader reader = server.get_response_reader();
    server_task task(save ? SERVER_TASK_TYPE_SLOT_SAVE : SERVER_TASK_TYPE_SLOT_RESTORE);
    task.id = reader.get_new_id();
    task.slot_action = { 0, name, IN_MEMORY };
    reader.post_task(std::move(task));
    server.start_loop();
    const auto result = reader.next([] { return false; });
    const auto * moved = dynamic_cast<const server_task_result_slot_save_load *>(result.get());
    int tokens = moved != nullptr ? (int) moved->n_tokens : -1;
    if (save && tokens >= 0 && file_to_disk(IN_MEMORY, name) == 0) tokens = -1;
    remove_file(IN_MEMORY);
    return tokens;
}
