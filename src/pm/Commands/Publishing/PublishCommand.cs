using System.CommandLine;
using Pm.Cli.Commands.Remotes;
using Pm.Cli.Commands.Repositories;
using Pm.Cli.Output;
using Pm.Remotes;
using Pm.Remotes.Publishing;
using Pm.Repositories;

namespace Pm.Cli.Commands.Publishing;

/// <summary><c>pm publish [--to REPOSITORY] [FILE|DIR]…</c></summary>
static class PublishCommand
{
    public const string Summary = "publish packages and projects, over the network or in a directory";

    /// <summary>So that many small packages do not wait for one another's answers.</summary>
    const int UploadsAtOnce = 4;

    public static CommandDeclaration Declare()
    {
        var files = new Argument<string[]>("FILE") { Description = "a signed `.pkg`, or a directory with pm.toml, which is built and signed (default: the working directory)", Arity = ArgumentArity.ZeroOrMore };
        var to = PublishingTarget.Option();
        var unsigned = new Option<bool>("--allow-unsigned") { Description = "in a directory: publish packages that nobody signed" };
        var key = new Option<string?>("--key") { Description = "sign what is built with this key: a fingerprint, key id or e-mail address (default: PM_PGP_ID, PM_PGP_EMAIL, or the only one)", HelpName = "KEY" };
        var types = new Option<string?>("--btf") { Description = "of what is built: compile eBPF programs for the kernel with these types, in place of this one", HelpName = "FILE" };
        var server = new ServerOptions();
        return new CommandDeclaration
        {
            Arguments = [files],
            Options = [to, unsigned, key, types, .. server.All],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.Progress | CommonOptions.LockTimeout | CommonOptions.Network,
            Exits =
            [
                ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.Invalid, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable,
                ExitCode.LockBusy, ExitCode.Temporary,
            ],
            RunAsync = async (context, parsed) =>
            {
                // Where it goes is known before anything is built for it.
                var target = PublishingTarget.Find(context, parsed.Given(to));
                var names = await ProjectsToPublish.FilesAsync(context, parsed.Given(files) ?? [], parsed.Given(key), parsed.Given(types));
                if (target.Url is null)
                {
                    return RepoPublishCommand.Run(context, target.Directory, [.. names.Select(n => n.Name)], parsed.Given(unsigned));
                }

                // What is no package is found out before anything is sent.
                var packages = names.Distinct().Select(file => PackageToPublish.Read(context, file.Name) is var read && file.IsSignedLater ? read with { IsSigned = true } : read).ToList();
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
