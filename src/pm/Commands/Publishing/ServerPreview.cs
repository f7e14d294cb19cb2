using Pm.Packages;
using Pm.Remotes;
using Pm.Remotes.Publishing;
using Pm.Repositories;
using Pm.Repositories.Tokens;

namespace Pm.Cli.Commands.Publishing;

/// <summary>What a server would say, as far as it can be told without sending it anything: the refusals are those of the real run.</summary>
static class ServerPreview
{
    /// <exception cref="RemoteException">PM5031: the token does not cover it; PM5003: the version is there with other content.</exception>
    public static async Task<IReadOnlyList<PublishedItem>> PublishAsync(PmContext context, PublishingClient client, IReadOnlyList<PackageToPublish> packages)
    {
        var token = await client.DescribeTokenAsync(context.Cancellation);
        var items = new List<PublishedItem>();
        foreach (var package in packages)
        {
            Require(client, token, TokenAction.Publish, package.Id.Name);
            items.Add(new PublishedItem(package.Path, package.Id, package.Hash, null, await IsNewAsync(context, client, package)));
        }

        if (items.Exists(item => item.IsNew))
        {
            context.Terminal.Note("known only when they are there: whether the repository trusts who signed them, and has room for them");
        }

        foreach (var package in packages.Where(package => !package.IsSigned))
        {
            context.Terminal.Note($"{Output.Hostile.OneLine(package.Name)} is not signed: a repository takes it only where its keeper said so (`pm repo trust --unsigned`)");
        }

        return items;
    }

    /// <exception cref="RemoteException">PM5031: the token does not cover it; PM5005: it is not published.</exception>
    public static async Task YankAsync(PmContext context, PublishingClient client, IReadOnlyList<PackageId> packages)
    {
        var token = await client.DescribeTokenAsync(context.Cancellation);
        foreach (var package in packages)
        {
            Require(client, token, TokenAction.Yank, package.Name);
            _ = await client.FindVersionAsync(package, context.Cancellation)
                ?? throw new RemoteException("PM5005", $"{client.Url}: {package} is not published here");
        }
    }

    static async Task<bool> IsNewAsync(PmContext context, PublishingClient client, PackageToPublish package)
    {
        if (await client.FindVersionAsync(package.Id, context.Cancellation) is not { } there)
        {
            return true;
        }

        // What was made by hand has no hash to be known by: then its bytes tell, which the server knows of what came over the network.
        var isSame = package.Hash is { } hash && there.Hash is { } other
            ? hash.ToString() == other
            : (await client.FindAsync(package.Digest, context.Cancellation)).IsThere;
        return isSame ? false : throw new RemoteException(
            "PM5003", $"{client.Url}: {package.Name}: {package.Id} is published already with another content", "publish it under a new version");
    }

    static void Require(PublishingClient client, RemoteToken token, TokenAction action, PackageName name)
    {
        if (!token.Scopes.Any(scope => Covers(scope, action, name)))
        {
            throw new RemoteException(
                "PM5031", $"{client.Url}: token {token.Id} may not {(action is TokenAction.Yank ? "yank" : "publish")} {name}: it is for {string.Join(", ", token.Scopes)}",
                "ask the keeper of the repository for a token that covers it");
        }
    }

    /// <summary>A scope that a newer server knows allows nothing that this pm does.</summary>
    static bool Covers(string scope, TokenAction action, PackageName name)
    {
        try
        {
            return TokenScope.Parse(scope).Covers(action, name);
        }
        catch (RepositoryException)
        {
            return false;
        }
    }
}
