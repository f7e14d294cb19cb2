using Pm.Cli.Output;
using Pm.Packages;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>pm repo remove [--repo DIR] NAME@VERSION…</c></summary>
static class RepoRemoveCommand
{
    public const string Summary = "remove versions from a repository, with what only they needed";

    public static CommandDeclaration Declare()
    {
        var packages = PublishedVersion.Argument();
        var repository = RepositoryPlace.Option();
        return new CommandDeclaration
        {
            Arguments = [packages],
            Options = [repository],
            Takes = CommonOptions.Json | CommonOptions.DryRun | CommonOptions.Confirm | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.LockBusy],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context, parsed.Given(repository), [.. parsed.GetRequiredValue(packages).Select(PublishedVersion.Parse)])),
        };
    }

    static ExitCode Run(PmContext context, string? directory, List<PackageId> packages)
    {
        var repository = RepositoryPlace.Open(context, directory);
        if (context.Settings.DryRun)
        {
            PublishedVersion.RequireThere(repository, packages);
            Outcome.Write(
                context, "packages-removed", json => Outcome.WriteTexts(json, "packages", packages.Select(p => p.ToString())),
                () => context.Terminal.Note($"would remove {string.Join(", ", packages)}"));
            return ExitCode.Ok;
        }

        if (!Prompt.Confirm(context, $"remove {string.Join(", ", packages)} for good? `pm repo yank` withdraws it and keeps its bytes"))
        {
            throw new CommandException(ExitCode.Failed, "PM1102", "not confirmed: nothing was changed");
        }

        var garbage = repository.Remove(packages, RepositoryPlace.Access(context));
        Outcome.Write(
            context,
            "packages-removed",
            json =>
            {
                Outcome.WriteTexts(json, "packages", packages.Select(p => p.ToString()));
                json.WriteNumber("files"u8, garbage.Paths.Length);
                json.WriteNumber("freed"u8, garbage.SizeInBytes);
            },
            () =>
            {
                packages.ForEach(p => context.Terminal.Data($"removed\t{p}"));
                context.Terminal.Note($"{garbage.Paths.Length} files, {ByteSize.Text(garbage.SizeInBytes)} freed");
            });
        return ExitCode.Ok;
    }
}
