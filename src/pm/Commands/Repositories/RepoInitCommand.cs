using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Repositories;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>pm repo init DIR</c></summary>
static class RepoInitCommand
{
    public const string Summary = "make an empty repository, with its keys";

    public static CommandDeclaration Declare()
    {
        var directory = new Argument<string>("DIR") { Description = "an empty directory, or one to make" };
        var expires = new Option<int?>("--expires")
        {
            Description = "for how many days clients believe a state (default: 30)",
            HelpName = "DAYS",
        };
        var bins = new Option<int?>("--bins-above")
        {
            Description = $"with more packages than N they go to hashed bins, so that a pull moves only what changed (default: {DirectoryRepository.UsualBinsAbove})",
            HelpName = "N",
        };
        var keys = new RoleKeyOptions();
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [expires, bins, .. keys.ForNew],
            Takes = CommonOptions.Json | CommonOptions.DryRun | CommonOptions.LockTimeout,
            Exits = [ExitCode.Refused, ExitCode.Conflict, ExitCode.LockBusy],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context, context.FullPath(parsed.GetRequiredValue(directory)), parsed.Given(expires), parsed.Given(bins), keys.Change(context, parsed),
                keys.Access(context, parsed))),
        };
    }

    static ExitCode Run(PmContext context, string path, int? expires, int? bins, KeyChange keys, RepositoryAccess access)
    {
        var lifetimes = expires is { } days ? RoleLifetimes.OfDays(days) : new RoleLifetimes();
        if (context.Settings.DryRun)
        {
            Outcome.Write(
                context, "repository", json => json.WriteString("path"u8, path),
                () => context.Terminal.Note($"would make a repository in {path}"));
            return ExitCode.Ok;
        }

        var outcome = DirectoryRepository.Init(path, lifetimes, Math.Max(0, bins ?? DirectoryRepository.UsualBinsAbove), keys, access);
        if (!outcome.IsTaken)
        {
            ChangeReport.Write(context, outcome, Path.Join(path, "pending.json"));
            return ExitCode.Ok;
        }

        var repository = DirectoryRepository.Open(path);
        Outcome.Write(context, "repository", json => Write(json, repository), () =>
        {
            context.Terminal.Data(repository.Fingerprint.ToString());
            context.Terminal.Note($"{path}: a repository; that is the fingerprint of its root, which users give to `pm remote add --fingerprint`");
            context.Terminal.Note($"keep {path}/keys to yourself; only {path}/repository is for others");
        });
        return ExitCode.Ok;
    }

    static void Write(Utf8JsonWriter json, DirectoryRepository repository)
    {
        json.WriteString("path"u8, repository.Path);
        json.WriteString("fingerprint"u8, repository.Fingerprint.ToString());
        json.WriteString("expires"u8, repository.Expires.UtcDateTime);
    }
}
