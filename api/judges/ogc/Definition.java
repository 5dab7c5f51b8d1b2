import com.reprezen.kaizen.oasparser.OpenApi3Parser;
import com.reprezen.kaizen.oasparser.model3.OpenApi3;
import com.reprezen.kaizen.oasparser.model3.Parameter;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.net.URL;
import java.util.List;
import java.util.Map;

/**
 * Reads the definition of the API with the parser that the official suite reads
 * it with, and walks through all pages of all collections with its HTTP client.
 */
public class Definition {
  public static void main(String[] args) throws Exception {
    String root = args[0];
    String type = "application/vnd.oai.openapi+json;version=3.0";
    String text = RestAssured.given().accept(type).get(root + "/api").then().statusCode(200).extract().asString();
    OpenApi3 model = new OpenApi3Parser().parse(text, new URL(root + "/api"), true);
    model.getValidationItems().forEach(System.out::println);
    System.out.println("definition valid: " + model.isValid() + ", " + model.getPaths().size() + " paths");
    boolean good = model.isValid();
    for (Parameter p : model.getPath("/collections/{collectionId}/items").getGet().getParameters()) {
      if (List.of("limit", "bbox", "datetime").contains(p.getName())) {
        System.out.println(p.getName() + ": " + p.getIn() + ", " + p.getStyle() + ", explode " + p.getExplode() + ", "
            + p.getSchema().getType() + ", " + p.getSchema().getMinimum() + " to " + p.getSchema().getMaximum() + ", default "
            + p.getSchema().getDefault() + ", items " + p.getSchema().getMinItems() + " to " + p.getSchema().getMaxItems());
      }
    }
    List<String> ids = RestAssured.given().accept("application/json").get(root + "/collections").jsonPath().getList("collections.id");
    for (String id : ids) {
      String next = root + "/collections/" + id + "/items?limit=100";
      int read = 0, matched = 0;
      while (next != null) {
        Response page = RestAssured.given().urlEncodingEnabled(false).accept("application/geo+json").get(next);
        page.then().statusCode(200);
        read += page.jsonPath().getList("features").size();
        matched = page.jsonPath().getInt("numberMatched");
        List<Map<String, String>> links = page.jsonPath().getList("links");
        next = null;
        for (Map<String, String> link : links) {
          if ("next".equals(link.get("rel"))) {
            next = link.get("href");
          }
        }
      }
      System.out.println(id + ": " + read + " features read, numberMatched " + matched);
      good &= read == matched;
    }
    System.exit(good ? 0 : 1);
  }
}
