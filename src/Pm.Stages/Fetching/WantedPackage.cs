using Pm.Packages;
using Pm.Remotes;
using Pm.Stages.Changes;

namespace Pm.Stages.Fetching;

/// <summary>A package that is to be brought into the store.</summary>
public abstract record WantedPackage
{
    WantedPackage()
    {
    }

    public abstract PackageId Id { get; }

    /// <summary>From a <c>.pkg</c> on this machine.</summary>
    public sealed record OfFile(LocalFile File) : WantedPackage
    {
        public override PackageId Id => File.Id;
    }

    /// <summary>From a remote.</summary>
    /// <param name="Client">How it is reached.</param>
    /// <param name="Repository">What it offers.</param>
    /// <param name="Published">What is wanted of it.</param>
    public sealed record OfRemote(RepositoryClient Client, PulledRepository Repository, PublishedPackage Published) : WantedPackage
    {
        public override PackageId Id => Published.Id;

        /// <summary>Where the publisher's public key lies, for who does not have it yet; null where that is not known.</summary>
        public Func<string?> KeyFile { get; init; } = () => null;

        /// <summary>Whether another version of it is on this machine, which shares much with it as a rule.</summary>
        public bool HasRelative { get; init; }
    }
}
