namespace Pm.Remotes;

/// <summary>Paths below a repository that come from its metadata: data of a stranger until they are checked.</summary>
static class RepositoryPath
{
    const int MaximumLength = 1024;
    const int MaximumPart = 255;

    /// <exception cref="RemoteException">PM6005: it could lead out of the repository, or no file can have it.</exception>
    public static void Check(string path, string location)
    {
        var isSafe = path.Length <= MaximumLength && path.Split('/').All(IsPart);
        if (!isSafe)
        {
            throw new RemoteException("PM6005", $"{location}: refused to ask for the path `{Trust.ShownText.Of(path)}`");
        }
    }

    /// <summary>A path as <see cref="Check"/> lets it pass, as it stands in a URL.</summary>
    /// <exception cref="RemoteException">PM6005: as there.</exception>
    public static string Checked(string path, string location)
    {
        Check(path, location);
        return string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
    }

    /// <summary>A path whose parts may hold anything, as it stands in a URL.</summary>
    /// <exception cref="RemoteException">PM6005: a part of it would lead elsewhere, which no escaping can help.</exception>
    public static string Escape(string path, string location)
    {
        var parts = path.Split('/');
        return path.Length <= MaximumLength && !parts.Any(part => part is "." or "..")
            ? string.Join('/', parts.Select(Uri.EscapeDataString))
            : throw new RemoteException("PM6005", $"{location}: refused to ask for the path `{Trust.ShownText.Of(path)}`");
    }

    static bool IsPart(string part) => part.Length is > 0 and <= MaximumPart
        && part is not ("." or "..") && !part.Any(letter => char.IsControl(letter) || letter == '\\');
}
