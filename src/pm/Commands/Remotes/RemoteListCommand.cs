using System.Text.Json;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Remotes;

namespace Pm.Cli.Commands.Remotes;

/// <summary><c>pm remote list</c></summary>
static class RemoteListCommand
{
    public const string Summary = "list the remotes of a root";

    public static CommandDeclaration Declare() => new()
    {
        Takes = CommonOptions.Reads,
        RunAsync = (context, _) => ValueTask.FromResult(Run(context)),
    };

    static ExitCode Run(PmContext context)
    {
        using var session = RootAccess.TryOpen(context);
        var remotes = (session?.Remotes.Remotes ?? []).Select(r => (Remote: r, State: session!.Catalogue.StateOf(r.Name))).ToList();
        if (context.Settings.Json)
        {
            WriteJson(context, remotes);
            return ExitCode.Ok;
        }

        var table = new Table("NAME", "URL", "PACKAGES", "EXPIRES", "MIRRORS");
        foreach (var (remote, state) in remotes)
        {
            table.Add(remote.Name, remote.Url.Text, state is null ? "not pulled" : $"{state.Count}",
                remote.IsPlain ? "not signed" : state is null ? "-" : $"{state.Expires:yyyy-MM-dd}",
                remote.Mirrors.IsEmpty ? "-" : string.Join(' ', remote.Mirrors));
        }

        table.Write(context.Terminal);
        if (remotes.Count == 0)
        {
            context.Terminal.Note($"{context.Settings.Root} has no remotes; `pm remote add URL` adds one");
        }

        return ExitCode.Ok;
    }

    static void WriteJson(PmContext context, List<(RemoteDefinition Remote, PulledRepository? State)> remotes) =>
        JsonOutput.Write(context.Terminal, "remote-list", json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("remotes"u8);
            foreach (var (remote, state) in remotes)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, remote.Name);
                json.WriteString("url"u8, remote.Url.Text);
                json.WriteBoolean("plain"u8, remote.IsPlain);
                Outcome.WriteTexts(json, "mirrors", remote.Mirrors.Select(m => m.Text));
                WriteState(json, remote, state);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });

    /// <summary>Null before the first pull, and where nothing is signed.</summary>
    static void WriteState(Utf8JsonWriter json, RemoteDefinition remote, PulledRepository? state)
    {
        Number("packages", state?.Count);
        json.WriteString("expires"u8, state is null || remote.IsPlain ? null : PackageJson.Time(state.Expires));
        Number("timestamp", remote.IsPlain ? null : state?.TimestampVersion);

        void Number(string name, long? value)
        {
            if (value is { } number)
            {
                json.WriteNumber(name, number);
            }
            else
            {
                json.WriteNull(name);
            }
        }
    }
}
