using System.Text;
using Pm.Packages;

namespace Pm.Resolution;

/// <summary>One demand met on a walk, with the path that led to it.</summary>
/// <param name="Wanted">Name, and version when it is exact.</param>
/// <param name="Reason">Why somebody asked; null when a package asks.</param>
/// <param name="By">The package whose dependency this is; null when somebody asks.</param>
sealed record Demand(Dependency Wanted, AskReason? Reason, Step? By)
{
    /// <summary>The whole path: <c>you asked for app → app@2.0 needs lib@1.0</c>.</summary>
    public string Path()
    {
        var text = new StringBuilder();
        Append(text);
        return text.ToString();
    }

    void Append(StringBuilder text)
    {
        if (By is null)
        {
            text.Append(Reason switch
            {
                AskReason.Pinned => $"{Wanted} is pinned",
                AskReason.Installed => $"{Wanted} is installed because it was asked for",
                _ => $"you asked for {Wanted}",
            });
            return;
        }

        By.Demand.Append(text);
        text.Append(" → ").Append(By.Package).Append(" needs ").Append(Wanted);
    }
}

/// <summary>A chosen package and the demand that brought it.</summary>
sealed record Step(PackageId Package, Demand Demand);
