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

    static bool IsPart(string part) => part.Length is > 0 and <= MaximumPart
        && part is not ("." or "..") && !part.Any(letter => char.IsControl(letter) || letter == '\\');
}
