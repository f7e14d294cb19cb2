namespace Pm.Cli.Rpc;

/// <summary>The methods that are commands: which command line each is. What a command answers with <c>--json</c> is the result.</summary>
static class RpcCommands
{
    const string Run = "run";
    const string Logs = "logs";

    /// <summary>The words behind <c>pm</c>; null: there is no such method.</summary>
    /// <exception cref="RpcException">Its parameters will not do.</exception>
    public static IReadOnlyList<string>? LineOf(string method, RpcParameters parameters)
    {
        IReadOnlyList<string>? line = method switch
        {
            "version" => ["version", "--json"],
            "list" => ["list", "--json", .. Root(parameters)],
            "search" => ["search", "--json", .. Number(parameters, "limit"), .. Root(parameters), .. Behind(parameters.RequiredWords("words"))],
            "info" => ["info", "--json", .. Root(parameters), .. Behind([parameters.RequiredText("package")])],
            "check" => ["check", "--json", "--progress=none", .. Root(parameters), .. Text(parameters, "kernel"), .. Text(parameters, "btf"), .. Targets(parameters), .. Fetching(parameters), .. Switch(parameters, "allowUnsigned", "--allow-unsigned"), .. Behind(parameters.RequiredWords("packages"))],
            "pull" => ["pull", "--json", "--progress=none", .. Root(parameters), .. Behind(parameters.Words("remotes"))],
            "install" => [.. Change("install", parameters), .. Fetching(parameters), .. Signatures(parameters), .. Behind(parameters.RequiredWords("packages"))],
            "update" => [.. Change("update", parameters), .. Fetching(parameters), .. Behind(parameters.Words("packages"))],
            "remove" => [.. Change("remove", parameters), .. Behind(parameters.RequiredWords("packages"))],
            "get" => ["get", "--json", "--progress=none", .. Text(parameters, "project"), .. Fetching(parameters), .. Switch(parameters, "allowUnsigned", "--allow-unsigned"), .. Switch(parameters, "dryRun", "-n"), .. Behind(parameters.RequiredWords("packages"))],
            "ps" => ["ps", "--json"],
            "stop" => StopLine(parameters),
            Logs => ["logs", ReportOption, "--json", .. Switch(parameters, "follow", "--follow"), .. Text(parameters, "duration"), .. Behind([parameters.RequiredText("name")])],
            Run => RunLine(parameters),
            _ => null,
        };
        if (line is not null)
        {
            parameters.RefuseOthers();
        }

        return line;
    }

    /// <summary>What begins to tell, and goes on until it is stopped: its target; null for a command that answers and ends.</summary>
    public static string? TargetOf(string method, RpcParameters parameters) => method switch
    {
        Run when !IsDetached(parameters) => parameters.RequiredText("target"),
        Logs => parameters.RequiredText("name"),
        _ => null,
    };

    static string ReportOption => $"--report-fd={Linux.RunningChild.ReportDescriptor}";

    static bool IsDetached(RpcParameters parameters) => parameters.Flag("detach");

    static IReadOnlyList<string> RunLine(RpcParameters parameters) =>
    [
        "run", .. (IReadOnlyList<string>)(IsDetached(parameters) ? ["--detach", "--json"] : [ReportOption]), "--progress=none",
        .. Root(parameters), .. Text(parameters, "project"), .. Fetching(parameters), .. Signatures(parameters),
        .. Text(parameters, "command"), .. Text(parameters, "duration"), .. Text(parameters, "interface"), .. Text(parameters, "cgroup"), .. Number(parameters, "frequency"), .. Text(parameters, "btf"),
        .. Switch(parameters, "strict", "--strict"),
        .. parameters.Pairs("events").Select(p => $"--event={p}"), .. parameters.Pairs("mapSizes").Select(p => $"--map-size={p}"), .. Targets(parameters),
        "--", parameters.RequiredText("target"), .. parameters.Words("arguments"),
    ];

    /// <exception cref="RpcException">It is not said which.</exception>
    static IReadOnlyList<string> StopLine(RpcParameters parameters)
    {
        var (names, isAll) = (parameters.Words("names"), parameters.Flag("all"));
        return isAll == names.Count > 0
            ? throw new RpcException(RpcException.InvalidParameters, "expected one of `id`: the number of a run; `names`: what runs on its own; `all`: true")
            : ["stop", "--json", .. isAll ? (IReadOnlyList<string>)["--all"] : [], .. Switch(parameters, "dryRun", "-n"), .. Behind(names)];
    }

    /// <summary>Nobody is there who could be asked.</summary>
    static IReadOnlyList<string> Change(string verb, RpcParameters parameters) => [verb, "--json", "--yes", "--no-input", "--progress=none", .. Root(parameters), .. Switch(parameters, "dryRun", "-n")];

    static IReadOnlyList<string> Root(RpcParameters parameters) => Text(parameters, "root");

    static IReadOnlyList<string> Fetching(RpcParameters parameters) => Switch(parameters, "offline", "--offline");

    static IReadOnlyList<string> Signatures(RpcParameters parameters) => [.. Switch(parameters, "allowUnsigned", "--allow-unsigned"), .. Switch(parameters, "trust", "--trust")];

    /// <summary>Where programs of objects belong.</summary>
    static IReadOnlyList<string> Targets(RpcParameters parameters) => [.. parameters.Pairs("at").Select(p => $"--at={p}")];

    static IReadOnlyList<string> Text(RpcParameters parameters, string name) => parameters.Text(name) is { } text ? [$"--{name}={text}"] : [];

    static IReadOnlyList<string> Number(RpcParameters parameters, string name) => parameters.Number(name) is { } number ? [FormattableString.Invariant($"--{name}={number}")] : [];

    static IReadOnlyList<string> Switch(RpcParameters parameters, string name, string option) => parameters.Flag(name) ? [option] : [];

    /// <summary>What is no option, whatever it begins with.</summary>
    static IReadOnlyList<string> Behind(IReadOnlyList<string> words) => words.Count == 0 ? [] : ["--", .. words];
}
