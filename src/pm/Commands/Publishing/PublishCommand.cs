using System.CommandLine;
using Pm.Cli.Commands.Remotes;
using Pm.Cli.Commands.Repositories;
using Pm.Cli.Output;
using Pm.Remotes;
using Pm.Remotes.Publishing;
using Pm.Repositories;

namespace Pm.Cli.Commands.Publishing;

/// <summary><c>pm publish [--to REPOSITORY] FILE…</c></summary>
static class PublishCommand
{
    public const string Summary = "publish package files, over the network or in a directory";

    /// <summary>So that many small packages do not wait for one another's answers.</summary>
    const int UploadsAtOnce = 4;

    public static CommandDeclaration Declare()
    {
        var files = new Argument<string[]>("FILE") { Description = "a signed `.pkg`", Arity = ArgumentArity.OneOrMore };
        var to = PublishingTarget.Option();
        var unsigned = new Option<bool>("--allow-unsigned") { Description = "in a directory: publish packages that nobody signed" };
        var server = new ServerOptions();
        return new CommandDeclaration
        {
            Arguments = [files],
            Options = [to, unsigned, .. server.All],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.Progress | CommonOptions.LockTimeout | CommonOptions.Network,
            Exits =
            [
                ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.Invalid, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable,
                ExitCode.LockBusy, ExitCode.Temporary,
            ],
            RunAsync = async (context, parsed) =>
            {
                var names = parsed.GetRequiredValue(files);
                var target = PublishingTarget.Find(context, parsed.Given(to));
                if (target.Url is null)
                {
                    return RepoPublishCommand.Run(context, target.Directory, names, parsed.Given(unsigned));
                }

                // What is no package is found out before anything is sent.
                var packages = names.Distinct().Select(name => PackageToPublish.Read(context, name)).ToList();
                using var client = server.Open(context, parsed, target.Url);
                try
                {
                    RepoPublishCommand.Write(context, await PublishAsync(context, client, packages));
                    return ExitCode.Ok;
                }
                catch (RemoteException e) when (e.Code == "PM5208")
                {
                    throw await OtherRepositories.NamedAsync(context, e, target.Url, "pm publish --to");
                }
            },
        };
    }

    static async Task<IReadOnlyList<PublishedItem>> PublishAsync(PmContext context, PublishingClient client, List<PackageToPublish> packages)
    {
        if (context.Settings.DryRun)
        {
            return await ServerPreview.PublishAsync(context, client, packages);
        }

        using (var progress = new Progress(context, "uploading", packages.Sum(package => package.Size)))
        {
            var limit = new ParallelOptions { MaxDegreeOfParallelism = UploadsAtOnce, CancellationToken = context.Cancellation };
            await Parallel.ForEachAsync(packages, limit, async (package, cancellation) =>
            {
                progress.Describe(package.Name);
                await client.UploadAsync(package.Path, package.Digest, progress.Advance, cancellation);
                progress.Forget(package.Name);
            });
        }

        var published = await client.PublishAsync([.. packages.Select(package => new StagedUpload(package.Digest, package.Name, package.Id))], context.Cancellation);
        context.Terminal.Note(published.Any(answer => answer.IsNew) ? $"published at {client.Url}" : $"nothing is new at {client.Url}");
        return [.. packages.Zip(published, (package, answer) => new PublishedItem(package.Path, package.Id, package.Hash, answer.Signer, answer.IsNew))];
    }
}
