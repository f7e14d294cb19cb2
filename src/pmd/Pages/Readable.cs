using Pm.Linux;
using Pm.Packages;
using Pm.Repositories;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages;

/// <summary>What is asked of several repositories: one that cannot be read now does not hide the others.</summary>
static class Readable
{
    /// <summary>The answer of a repository; null: it cannot be read, which <c>/health/ready</c> and the start page say.</summary>
    public static T? TryAsk<T>(this ServedRepository repository, Func<ServedRepository, T> ask) where T : class
    {
        try
        {
            return ask(repository);
        }
        catch (Exception error) when (error is RepositoryException or SystemCallException or PackageFormatException)
        {
            return null;
        }
    }
}
