using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Linux;
using Pm.Remotes;
using Pm.Trust.Tuf;

namespace Pm.Cli.Commands.House;

/// <summary><c>pm tuf-client</c>: the command line by which TUF clients are put to the test.</summary>
static class TufClientCommand
{
    public const string Summary = "be a TUF client whose every step can be tested";

    public static CommandDeclaration Declare()
    {
        var metadataDirectory = new Option<string>("--metadata-dir") { Description = "where the metadata that is believed is kept", HelpName = "DIR", Required = true };
        var metadataUrl = new Option<string?>("--metadata-url") { Description = "where the metadata comes from", HelpName = "URL" };
        var targetName = new Option<string[]>("--target-name")
        {
            Description = "download this target; may be repeated",
            HelpName = "PATH",
            AllowMultipleArgumentsPerToken = false,
        };
        var targetUrl = new Option<string?>("--target-base-url") { Description = "where the targets come from", HelpName = "URL" };
        var targetDirectory = new Option<string?>("--target-dir") { Description = "where the targets are put", HelpName = "DIR" };
        var command = new Argument<string>("COMMAND") { Description = "`init`, `refresh` or `download`" };
        var file = new Argument<string?>("ROOT_FILE") { Description = "of `init`: the root.json to start from", Arity = ArgumentArity.ZeroOrOne };
        return new CommandDeclaration
        {
            Arguments = [command, file],
            Options = [metadataDirectory, metadataUrl, targetName, targetUrl, targetDirectory],
            Takes = CommonOptions.Json | CommonOptions.Network,
            FailsWithOne = true,
            RunAsync = (context, parsed) => RunAsync(context, new TufClientTask(
                parsed.Given(command)!, parsed.Given(file), parsed.Given(metadataDirectory)!, parsed.Given(metadataUrl),
                parsed.Given(targetName) ?? [], parsed.Given(targetUrl), parsed.Given(targetDirectory))),
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, TufClientTask task)
    {
        // TUF 5.1: the clock is read this once.
        var now = context.Time.GetUtcNow();
        task.Check();
        var directory = Path.GetFullPath(task.MetadataDirectory, context.WorkingDirectory);
        if (task.Command == TufClientTask.Init)
        {
            TufClient.Trust(directory, ReadRoot(Path.GetFullPath(task.RootFile!, context.WorkingDirectory)));
            return Report(context, task, []);
        }

        using var fetchers = new Fetchers(() => HttpAccess.Settings(context) with
        {
            IsHasty = true,
            Trace = line => context.Terminal.Note(Hostile.OneLine(line)),
        });
        using var client = new TufClient(directory, Open(fetchers, context, task.MetadataUrl!),
            task.TargetUrl is { } url ? Open(fetchers, context, url) : null, now);
        await client.RefreshAsync(context.Cancellation);
        context.Terminal.Note($"metadata of {task.MetadataUrl} is up to date");
        var files = new List<(string Target, string File, bool IsFetched)>();
        foreach (var target in task.Targets)
        {
            var (file, isFetched) = await client.DownloadAsync(
                target, Path.GetFullPath(task.TargetDirectory!, context.WorkingDirectory), context.Cancellation);
            context.Terminal.Note($"{(isFetched ? "downloaded" : "unchanged")} {file}");
            files.Add((target, file, isFetched));
        }

        return Report(context, task, files);
    }

    static ExitCode Report(PmContext context, TufClientTask task, List<(string Target, string File, bool IsFetched)> files)
    {
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "tuf-client", json =>
            {
                json.WriteStartObject();
                json.WriteString("command"u8, task.Command);
                json.WriteStartArray("targets"u8);
                foreach (var (target, file, isFetched) in files)
                {
                    json.WriteStartObject();
                    json.WriteString("target"u8, target);
                    json.WriteString("file"u8, file);
                    json.WriteBoolean("fetched"u8, isFetched);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
        }

        return ExitCode.Ok;
    }

    static IFetcher Open(Fetchers fetchers, PmContext context, string url) =>
        fetchers.Open(new RemoteDefinition("tuf", RemoteUrl.Parse(url, context.WorkingDirectory)));

    static byte[] ReadRoot(string path)
    {
        using var directory = DirectoryHandle.Open(Path.GetDirectoryName(path) ?? "/");
        return directory.TryReadFile(Path.GetFileName(path), MetadataLimits.Root)
            ?? throw new FileNotFoundException($"no such file: {path}", path);
    }
}
