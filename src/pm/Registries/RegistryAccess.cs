using System.Runtime.InteropServices;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Remotes.Oci;

namespace Pm.Cli.Registries;

/// <summary>What a registry has, from the command line.</summary>
static class RegistryAccess
{
    /// <summary>As Go calls this machine, which registries do.</summary>
    public static string Architecture => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    public static OciClient Open(PmContext context, OciReference reference, bool allowsPlain) =>
        new(reference, HttpAccess.Settings(context), host => RegistryLogins.Find(context, host), allowsPlain);

    /// <summary>Writes what a reference names.</summary>
    /// <param name="context">The world.</param>
    /// <param name="client">Of that reference.</param>
    /// <param name="image">As found.</param>
    /// <param name="target">Counts only when this returns.</param>
    public static async Task FetchAsync(PmContext context, OciClient client, OciImage image, Stream target)
    {
        using var progress = new Progress(context, "fetching", image.Size);
        progress.Describe($"{image.Reference}");
        await client.FetchAsync(image, target, progress.Advance, context.Cancellation);
    }

    public static Task<OciImage> FindAsync(PmContext context, OciClient client) => client.FindAsync($"linux/{Architecture}", context.Cancellation);
}
