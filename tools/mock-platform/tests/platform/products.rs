//! A Platform at the addresses of a product.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use doorway_mock_platform::{PlatformConfig, Product, Profile, router_of};
use tower::ServiceExt;
use url::{Position, Url};

use crate::support::{Browser, claims_of, config, field, platform};

fn at(product: &'static Product) -> Router {
    router_of(platform(PlatformConfig { issuer: product.issuer.into(), product: Some(product), ..config() }))
}

async fn status(router: &Router, address: &str) -> StatusCode {
    let url = Url::parse(address).unwrap();
    let (host, path) = (&url[Position::BeforeHost..Position::AfterPort], &url[Position::BeforePath..]);
    let request = Request::get(path).header(header::HOST, host).body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test]
async fn the_keys_of_every_product_are_where_they_are_and_nowhere_else() {
    for product in &Product::ALL {
        let product = Product::named(product.name).unwrap();
        let router = at(product);
        assert_eq!(status(&router, product.jwks_uri).await, StatusCode::OK, "{}", product.name);
        let host = product.institution;
        for nowhere in
            [format!("{}x", product.jwks_uri), format!("{host}/jwks.json"), "https://x.example/jwks.json".into()]
        {
            assert_eq!(status(&router, &nowhere).await, StatusCode::NOT_FOUND, "{}: {nowhere}", product.name);
        }
        assert_eq!(status(&router, &format!("{host}/login")).await, StatusCode::OK, "{}", product.name);
    }
}

#[tokio::test]
async fn schoology_has_its_audience_in_an_array_and_roles_of_the_course_alone() {
    let platform = platform(config());
    platform.set_profile(Profile::Schoology);
    let mut browser = Browser::visiting(platform);
    browser.sign_in("41").await;
    let claims = claims_of(field(&browser.launch("video").await, "id_token"));
    assert_eq!(claims["aud"], serde_json::json!(["maple-tool"]));
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 600);
    let roles = &claims["https://purl.imsglobal.org/spec/lti/claim/roles"];
    assert_eq!(*roles, serde_json::json!(["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"]));
}

#[tokio::test]
async fn open_edx_sends_roles_that_say_nothing_and_nowhere_to_return_to() {
    let platform = platform(config());
    platform.set_profile(Profile::OpenEdx);
    let mut browser = Browser::visiting(platform);
    browser.sign_in("52").await;
    let claims = claims_of(field(&browser.launch("video").await, "id_token"));
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 3600);
    let roles = claims["https://purl.imsglobal.org/spec/lti/claim/roles"].as_array().unwrap();
    let names: Vec<&str> =
        roles.iter().filter_map(|role| role.as_str()?.rsplit_once('/').map(|(_, name)| name)).collect();
    assert_eq!(names, ["person#None", "person#None", "membership#Learner", "person#Student"]);
    let presentation = &claims["https://purl.imsglobal.org/spec/lti/claim/launch_presentation"];
    assert_eq!(presentation.get("return_url"), None);
}
