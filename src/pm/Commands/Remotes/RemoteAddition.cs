namespace Pm.Cli.Commands.Remotes;

/// <summary>What <c>pm remote add</c> was told.</summary>
/// <param name="Urls">As typed, each a remote.</param>
sealed record RemoteAddition(string[] Urls)
{
    public string? Name { get; init; }

    public string[] Mirrors { get; init; } = [];

    /// <summary>Whether it is one without signed metadata.</summary>
    public bool IsPlain { get; init; }

    public required FirstTrust Trust { get; init; }

    /// <exception cref="CommandException">PM1120: it cannot all be meant.</exception>
    public void Require()
    {
        if (Urls.Length > 1 && (Name is not null || Trust.Fingerprint is not null || Mirrors.Length > 0))
        {
            throw CommandException.Usage("PM1120", "--name, --mirror and --fingerprint are of one remote, and several were named", "add them one by one");
        }

        if (IsPlain && (Trust.Fingerprint is not null || Trust.IsOnFirstUse))
        {
            throw CommandException.Usage("PM1120", "--plain is for a remote that has no root, so there is none to trust", "leave out one of them");
        }
    }
}
