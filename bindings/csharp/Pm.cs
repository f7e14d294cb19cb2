using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ebpm;

/// <summary>What pm does besides: objects that run on their own, and packages. Options are those of docs/rpc.md: <c>new() { ["offline"] = true }</c>.</summary>
/// <exception cref="PmException">Each of them: it is refused.</exception>
public static class Pm
{
    /// <summary>Runs an eBPF object that goes on when this program has ended. <see cref="Logs"/> reads its events, <see cref="Stop"/> ends it.</summary>
    public static Detached RunDetached(string target, IEnumerable<string>? arguments = null, JsonObject? options = null)
    {
        var all = With(options, "arguments", arguments ?? []);
        (all["target"], all["detach"]) = (target, true);
        var started = Run.Call("run", all);
        return new Detached(started.GetProperty("name").GetString()!, Texts(started, "programs"), Texts(started, "refused"));
    }

    /// <summary>What runs on its own: <c>name</c>, <c>object</c>, <c>since</c>, <c>programs</c>, <c>maps</c> of each.</summary>
    public static IReadOnlyList<JsonElement> Ps() => [.. Run.Call("ps").GetProperty("running").EnumerateArray()];

    /// <summary>Reads the events of what runs on its own: those that wait, with <c>follow</c> those that come, too. Stopping that ends the reading alone.</summary>
    public static Run Logs(string name, JsonObject? options = null) => Run.Begin("logs", With(options, "name", name));

    /// <summary>Ends what runs on its own; the names of what it was.</summary>
    public static IReadOnlyList<string> Stop(params string[] names) => Texts(Run.Call("stop", With(null, "names", names)), "names");

    /// <summary>Ends all that runs on its own; the names of what it was.</summary>
    public static IReadOnlyList<string> StopAll() => Texts(Run.Call("stop", new() { ["all"] = true }), "names");

    /// <summary>What is installed: <c>name</c>, <c>version</c>, <c>hash</c> … of each.</summary>
    public static IReadOnlyList<JsonElement> ListPackages(JsonObject? options = null) => Packages("list", options);

    /// <summary>What the remotes offer, the best first; <c>limit</c> for no more.</summary>
    public static IReadOnlyList<JsonElement> Search(IEnumerable<string> words, JsonObject? options = null) => Packages("search", With(options, "words", words));

    /// <summary>All that is known of a package.</summary>
    public static JsonElement Info(string package, JsonObject? options = null) => Packages("info", With(options, "package", package))[0];

    /// <summary>Whether a kernel would run the eBPF objects of packages, or objects; <c>kernel</c> for another machine's.</summary>
    public static JsonElement Check(IEnumerable<string> packages, JsonObject? options = null) => Run.Call("check", With(options, "packages", packages));

    /// <summary>Fetches the newest lists of the remotes; all where none is named.</summary>
    public static JsonElement Pull(IEnumerable<string>? remotes = null, JsonObject? options = null) => Run.Call("pull", With(options, "remotes", remotes ?? []));

    /// <summary>Installs packages by name, file or URL; what changed.</summary>
    public static JsonElement Install(IEnumerable<string> packages, JsonObject? options = null) => Run.Call("install", With(options, "packages", packages));

    /// <summary>Updates packages; all where none is named.</summary>
    public static JsonElement Update(IEnumerable<string>? packages = null, JsonObject? options = null) => Run.Call("update", With(options, "packages", packages ?? []));

    /// <summary>Removes packages.</summary>
    public static JsonElement Remove(IEnumerable<string> packages, JsonObject? options = null) => Run.Call("remove", With(options, "packages", packages));

    /// <summary>Takes packages into the project of the working directory, or into that in <c>project</c>.</summary>
    public static JsonElement Get(IEnumerable<string> packages, JsonObject? options = null) => Run.Call("get", With(options, "packages", packages));

    /// <summary>The version of pm.</summary>
    public static string Version() => Run.Call("version").GetProperty("version").GetString()!;

    static IReadOnlyList<JsonElement> Packages(string method, JsonObject? options) => [.. Run.Call(method, options).GetProperty("packages").EnumerateArray()];

    static IReadOnlyList<string> Texts(JsonElement result, string name) => [.. result.GetProperty(name).EnumerateArray().Select(t => t.GetString()!)];

    static JsonObject With(JsonObject? options, string name, IEnumerable<string> words) => With(options, name, new JsonArray([.. words.Select(w => (JsonNode)w)]));

    /// <summary>The caller's options stay as they are.</summary>
    static JsonObject With(JsonObject? options, string name, JsonNode value)
    {
        var all = options is null ? [] : (JsonObject)options.DeepClone();
        all[name] = value;
        return all;
    }
}
