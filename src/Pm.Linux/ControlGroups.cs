namespace Pm.Linux;

/// <summary>Where control groups of the one hierarchy (cgroup2) are, which is not /sys/fs/cgroup on machines that have the old ones as well. Source: cgroups(7), proc_pid_mountinfo(5).</summary>
public static class ControlGroups
{
    /// <summary>The first place where they are mounted; null where they are not, or that is not known.</summary>
    public static string? Root
    {
        get
        {
            try
            {
                return Of(File.ReadLines("/proc/self/mountinfo"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>The fifth word is the place, in which blanks are octal; the kind follows the lone dash.</summary>
    internal static string? Of(IEnumerable<string> mounts) => mounts
        .Where(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal))
        .Select(line => line.Split(' ') is [_, _, _, _, var place, ..] && !place.Contains('\\', StringComparison.Ordinal) ? place : null)
        .FirstOrDefault(place => place is not null);
}
