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
                if (state is not null)
                {
                    json.WriteNumber("packages"u8, state.Count);
                    if (!remote.IsPlain)
                    {
                        json.WriteString("expires"u8, PackageJson.Time(state.Expires));
                        json.WriteNumber("timestamp"u8, state.TimestampVersion);
                    }
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
}
