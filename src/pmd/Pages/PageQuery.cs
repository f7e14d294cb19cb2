using System.Globalization;

namespace Pm.Daemon.Pages;

/// <summary>Numbers of a query. What is no number is read as none: a page is shown all the same.</summary>
static class PageQuery
{
    /// <summary>The number, or the nearest one that is allowed.</summary>
    public static int Number(HttpRequest request, string name, int least, int most) =>
        int.TryParse(request.Query[name].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Math.Clamp(number, least, most)
            : least;
}
